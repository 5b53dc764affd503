{#- An amount of money as vendors and spreadsheets print it, with the mark of its currency before or
    behind it ('CA$1,005.50', '1 234,50 kr', 'CHF 1’234.50'), as a decimal with `scale` digits; NULL
    where it is none ('12k'). What the mark says of the currency: currency_of. -#}
{% macro parse_money(column, scale=2, decimal_mark=none) -%}
{%- set cell = "translate(" ~ column ~ ", chr(39), '’')" -%}
{%- set bare = "regexp_replace(regexp_replace(" ~ cell ~ ", '" ~ currency_mark() ~ "[ \u00a0\u202f]*$', ''), '" ~ currency_mark() ~ "', '')" -%}
{{ parse_number(
    "case when " ~ matches(cell, "'" ~ amount_pattern() ~ "'") ~ " then " ~ bare ~ " else " ~ column ~ " end",
    scale,
    decimal_mark
) }}
{%- endmacro %}
