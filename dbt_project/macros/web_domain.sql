{#- The domain of a web address as typed: lower case, without scheme, www and path; NULL for none. -#}
{% macro web_domain(column) -%}
nullif(split_part(regexp_replace(lower({{ clean_text(column) }}), '^(https?://)?(www[.])?', ''), '/', 1), '')
{%- endmacro %}
