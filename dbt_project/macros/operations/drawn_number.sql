{#- One of the numbers 1 to `n`, drawn by a hexadecimal hash: the same on both engines and in every run.
    Six digits are many more than a bootstrap here has things to draw from. Among 0-9a-f a character's
    code modulo 39, less 9, is the digit's value. -#}
{% macro drawn_number(hexadecimal, n) -%}
cast(floor(cast(
    {%- for digit in range(6) %}
    (ascii(substr({{ hexadecimal }}, {{ digit + 1 }}, 1)) % 39 - 9) * {{ 16 ** (5 - digit) }}{{ ' +' if not loop.last }}
    {%- endfor %}
as double) * {{ n }} / 16777216) as bigint) + 1
{%- endmacro %}
