{#- Of an owner that an export tells by number or by name: the name. NULL: it is a number, or nobody. -#}
{% macro hubspot_owner_name(column) -%}
case when {{ hubspot_owner_id(column) }} is null then {{ clean_text(column) }} end
{%- endmacro %}
