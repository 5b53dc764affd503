{#- Money in millionths, exactly; NULL where it is no whole number. -#}
{% macro parse_micros(column) -%}
cast(try_cast({{ parse_integer(column) }} as decimal(18, 0)) * cast(0.000001 as decimal(7, 6)) as decimal(18, 6))
{%- endmacro %}
