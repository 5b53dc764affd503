{#- A number as vendors print it, with thousands marks, a per cent sign or a currency symbol, as a
    decimal with `scale` digits; NULL where it is none ('< 10%' is a bound and no number).
    `decimal_mark` is the column of a localised stream that says which mark its file uses. -#}
{% macro parse_number(column, scale=2, decimal_mark=none) -%}
{%- set digits = "translate(trim(" ~ column ~ "), ' %€$£¥₹\u00a0\u202f', '')" -%}
{%- set point = "replace(" ~ digits ~ ", ',', '')" -%}
{%- if decimal_mark -%}
try_cast(
    case
        when {{ decimal_mark }} = ',' then replace(replace({{ digits }}, '.', ''), ',', '.')
        else {{ point }}
    end as decimal(18, {{ scale }})
)
{%- else -%}
try_cast({{ point }} as decimal(18, {{ scale }}))
{%- endif -%}
{%- endmacro %}
