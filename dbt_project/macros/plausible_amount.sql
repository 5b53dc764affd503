{#- An amount or a count that a business can have: NULL from ten trillion on, where sums no longer fit
    the columns of money. -#}
{% macro plausible_amount(number) -%}
case when abs({{ number }}) < 10000000000000 then {{ number }} end
{%- endmacro %}
