{#- The page that a URL leads to, lower case, without what follows ? or # and without its last slash. -#}
{% macro page_of_url(url) -%}
regexp_replace(lower(split_part(split_part({{ url }}, '?', 1), '#', 1)), '/+$', '')
{%- endmacro %}
