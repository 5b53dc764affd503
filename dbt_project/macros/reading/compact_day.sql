{#- A date as eight digits, '20260930'; NULL where it is none. -#}
{% macro compact_day(column) -%}
try_cast(concat_ws('-', substr({{ column }}, 1, 4), substr({{ column }}, 5, 2), substr({{ column }}, 7)) as date)
{%- endmacro %}
