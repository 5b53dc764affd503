{#- A query parameter of a URL, decoded; NULL where it is absent or empty. -#}
{% macro url_parameter(url, name) -%}
{{ url_decoded("nullif(regexp_extract(" ~ url ~ ", '" ~ url_separator() ~ name ~ "=([^&#]*)', 1), '')") }}
{%- endmacro %}
