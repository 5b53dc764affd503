{#- The host of a URL, lower case; NULL where it is none. -#}
{% macro url_host(url) -%}
nullif(regexp_extract(lower({{ url }}), '^https?://([^/:?#]+)', 1), '')
{%- endmacro %}
