{#- Of an owner that an export tells by number or by name: the number. NULL: it is a name, or nobody. -#}
{% macro hubspot_owner_id(column) -%}
case when {{ matches('trim(' ~ column ~ ')', "'^[0-9]+$'") }} then trim({{ column }}) end
{%- endmacro %}
