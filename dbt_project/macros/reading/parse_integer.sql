{#- A whole number as vendors print it, with thousands commas; NULL where it is none. -#}
{% macro parse_integer(column) -%}
try_cast(replace(trim({{ column }}), ',', '') as bigint)
{%- endmacro %}
