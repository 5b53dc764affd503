{#- The value of one GA4 event parameter as text, whichever slot it is in. -#}
{% macro event_param(params, key) -%}
{{ return(adapter.dispatch('event_param', 'throughline')(params, key)) }}
{%- endmacro %}

{% macro default__event_param(params, key) -%}
list_filter(list_transform(
    {{ params }},
    lambda p: case when p.key = '{{ key }}' then coalesce(p.value.string_value, p.value.int_value, p.value.double_value) end
), lambda v: v is not null)[1]
{%- endmacro %}

{% macro spark__event_param(params, key) -%}
try_element_at(filter(transform(
    {{ params }},
    p -> case when p.key = '{{ key }}' then coalesce(p.value.string_value, p.value.int_value, p.value.double_value) end
), v -> v is not null), 1)
{%- endmacro %}
