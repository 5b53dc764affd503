{#- A number as vendors print it, with thousands commas or a per cent sign, as a decimal with
    `scale` digits; NULL where it is none ('< 10%' is a bound and no number). -#}
{% macro parse_number(column, scale=2) -%}
try_cast(replace(replace(trim({{ column }}), ',', ''), '%', '') as decimal(18, {{ scale }}))
{%- endmacro %}
