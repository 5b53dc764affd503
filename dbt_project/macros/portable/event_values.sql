{#- What GA4's parameters tell, whichever slot a value is in, as `event_param` looks it up: on DuckDB two lists
    side by side, as a search among a list's values costs a fraction of a walk through structs. -#}
{% macro event_values(params) -%}
{{ return(adapter.dispatch('event_values', 'throughline')(params)) }}
{%- endmacro %}

{% macro default__event_values(params) -%}
{%- set value = 'coalesce(p.value.string_value, p.value.int_value, p.value.double_value)' -%}
{
    'names': list_transform({{ params }}, lambda p: case when {{ value }} is not null then p.key end),
    'texts': list_transform({{ params }}, lambda p: {{ value }})
}
{%- endmacro %}

{% macro spark__event_values(params) -%}
{%- set value = 'coalesce(p.value.string_value, p.value.int_value, p.value.double_value)' -%}
filter(transform({{ params }}, p -> struct(p.key as name, {{ value }} as told)), p -> p.told is not null)
{%- endmacro %}
