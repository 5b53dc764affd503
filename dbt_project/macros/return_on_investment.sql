{#- What is left of revenue after the cost of what was sold and the spend, by the spend; NULL without spend (V9). -#}
{% macro return_on_investment(revenue, spend) -%}
(cast({{ revenue }} as double) * {{ var('gross_margin_rate') }} - cast({{ spend }} as double))
/ nullif(cast({{ spend }} as double), 0)
{%- endmacro %}
