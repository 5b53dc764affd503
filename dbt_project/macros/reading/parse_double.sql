{#- A number that is no amount, as a ratio, as vendors print it (see plain_number); NULL where it is none,
    or not a finite one. -#}
{% macro parse_double(column) -%}
{%- set number = "try_cast(" ~ plain_number(column) ~ " as double)" -%}
case when abs({{ number }}) < cast('infinity' as double) then {{ number }} end
{%- endmacro %}
