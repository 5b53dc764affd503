{#- An amount at a rate, to the cent. NULL without a rate. -#}
{% macro in_reporting_currency(amount, rate) -%}
cast(round({{ amount }} * {{ rate }}, 2) as decimal(18, 2))
{%- endmacro %}
