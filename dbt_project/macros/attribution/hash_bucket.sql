{#- One of 1,000 buckets, by the first three digits of a hexadecimal hash; the same on both engines.
    Among 0-9a-f a character's code modulo 39, less 9, is the digit's value. -#}
{% macro hash_bucket(hexadecimal) -%}
cast((
    (ascii({{ hexadecimal }}) % 39 - 9) * 256
    + (ascii(substr({{ hexadecimal }}, 2, 1)) % 39 - 9) * 16
    + (ascii(substr({{ hexadecimal }}, 3, 1)) % 39 - 9)
) % 1000 as bigint)
{%- endmacro %}
