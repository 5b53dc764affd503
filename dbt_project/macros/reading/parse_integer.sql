{#- A whole number as vendors print it, with thousands marks, or with the .0 that a table of doubles
    gives it; NULL where it is none, 5.7 for one: a cast would round it on one engine alone. -#}
{% macro parse_integer(column, decimal_mark=none) -%}
{%- set number = plain_number(column, decimal_mark) if decimal_mark else without_thousands("trim(" ~ column ~ ")") -%}
{{ whole_number_or(column, "try_cast(regexp_extract(" ~ number ~ ", '^([+-]?[0-9]+)([.]0*)?$', 1) as bigint)") }}
{%- endmacro %}
