{#- What an amount looks like that may have its currency's mark before or behind it, whatever its
    marks of thousands and decimals are. -#}
{% macro amount_pattern() -%}
{%- set blanks = " \u00a0\u202f" -%}
^[{{ blanks }}]*[+-]?[{{ blanks }}]*{{ currency_mark() }}?[{{ blanks }}]*[+-]?[{{ blanks }}]*[0-9.,][0-9.,’{{ blanks }}]*{{ currency_mark() }}?[{{ blanks }}]*$
{%- endmacro %}
