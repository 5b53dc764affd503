{#- A text that is a whole number as both engines print it ('0', '-17', no blank, no leading zero) as that
    number, and any other by `otherwise`: nearly all cells are of the first kind, and to cast and print one
    costs a fifth of what a pattern does. -#}
{% macro whole_number_or(column, otherwise) -%}
{%- set number = "try_cast(" ~ column ~ " as bigint)" -%}
case when cast({{ number }} as {{ dbt.type_string() }}) = {{ column }} then {{ number }} else {{ otherwise }} end
{%- endmacro %}
