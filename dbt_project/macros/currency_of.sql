{#- The ISO 4217 code of the currency that the mark of an amount tells ('CA$1,005.50', '12,00 zł',
    'EUR 5'); NULL where there is none, or where it is that of several currencies ($, kr, ¥). -#}
{% macro currency_of(amount) -%}
{%- set cell = "translate(" ~ amount ~ ", chr(39), '’')" -%}
case
    when {{ matches(cell, "'" ~ amount_pattern() ~ "'") }}
        then {{ marked_currency("regexp_extract(" ~ cell ~ ", '" ~ currency_mark() ~ "', 1)") }}
end
{%- endmacro %}
