{#- One of the numbers 1 to `n`, drawn by a hexadecimal hash: the same on both engines and in every run.
    Six digits are many more than a bootstrap here has things to draw from. -#}
{% macro drawn_number(hexadecimal, n) -%}
cast(floor(cast({{ hex_number('left(' ~ hexadecimal ~ ', 6)') }} as double) * {{ n }} / 16777216) as bigint) + 1
{%- endmacro %}
