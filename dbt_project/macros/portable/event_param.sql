{#- The value of one GA4 event parameter as text; of a key that came twice the first. `told` is of event_values. -#}
{% macro event_param(told, key) -%}
{{ return(adapter.dispatch('event_param', 'throughline')(told, key)) }}
{%- endmacro %}

{% macro default__event_param(told, key) -%}
{{ told }}.texts[list_position({{ told }}.names, '{{ key }}')]
{%- endmacro %}

{% macro spark__event_param(told, key) -%}
try_element_at(filter({{ told }}, p -> p.name = '{{ key }}'), 1).told
{%- endmacro %}
