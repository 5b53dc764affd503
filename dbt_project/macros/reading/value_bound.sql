{#- What a vendor writes instead of a number that it does not tell, as '< 10%' or '<5'; NULL where
    the cell is a number or nothing. The number itself is NULL there: a bound is no measurement. -#}
{% macro value_bound(column) -%}
case when {{ matches('trim(' ~ column ~ ')', "'^[<>] *[0-9]'") }} then trim({{ column }}) end
{%- endmacro %}
