{#- The host of a URL, lower case; NULL where it is none. -#}
{% macro url_host(url) -%}
lower(nullif(regexp_extract({{ url }}, '^https?://([^/:?#]+)', 1), ''))
{%- endmacro %}
