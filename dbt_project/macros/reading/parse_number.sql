{#- A number as vendors print it (see plain_number), as a decimal with `scale` digits; NULL where it is
    none ('< 10%' is a bound and no number). -#}
{% macro parse_number(column, scale=2, decimal_mark=none) -%}
try_cast({{ plain_number(column, decimal_mark) }} as decimal(18, {{ scale }}))
{%- endmacro %}
