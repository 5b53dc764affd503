{#- An amount at a rate, to the cent. NULL without a rate, or where the product is too large for money. -#}
{% macro in_reporting_currency(amount, rate) -%}
try_cast(round({{ amount }} * {{ rate }}, 2) as decimal(18, 2))
{%- endmacro %}
