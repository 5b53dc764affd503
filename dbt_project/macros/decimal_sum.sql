{#- The decimal behind exact_sum, for a sum that is summed once more: to turn millions of them into doubles
    and back takes as long as to add them up. -#}
{% macro decimal_sum(value) -%}
sum(cast({{ value }} as decimal(38, 18)))
{%- endmacro %}
