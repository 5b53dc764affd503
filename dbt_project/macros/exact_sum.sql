{#- A sum of doubles that is the same in whatever order, and in however many threads, it is added.
    Rounding a plain sum is nearly that: one in a thousand sums of short decimals lies on the edge. -#}
{% macro exact_sum(value) -%}
cast({{ decimal_sum(value) }} as double)
{%- endmacro %}
