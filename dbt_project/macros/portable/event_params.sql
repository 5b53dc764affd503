{#- GA4's array of keys and typed values, parsed once so that `event_values` can look into it. -#}
{% macro event_params(column) -%}
{{ return(adapter.dispatch('event_params', 'throughline')(column)) }}
{%- endmacro %}

{% macro default__event_params(column) -%}
case when json_valid({{ column }}) then from_json(
    {{ column }},
    '[{"key": "VARCHAR", "value": {"string_value": "VARCHAR", "int_value": "VARCHAR", "double_value": "VARCHAR"}}]'
) end
{%- endmacro %}

{% macro spark__event_params(column) -%}
from_json(
    {{ column }},
    'array<struct<key: string, value: struct<string_value: string, int_value: string, double_value: string>>>'
)
{%- endmacro %}
