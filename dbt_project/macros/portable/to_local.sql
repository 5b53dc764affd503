{#- A naive UTC timestamp as clocks in a zone show it. -#}
{% macro to_local(moment, time_zone) -%}
{{ return(adapter.dispatch('to_local', 'throughline')(moment, time_zone)) }}
{%- endmacro %}

{% macro default__to_local(moment, time_zone) -%}
timezone({{ time_zone }}, timezone('UTC', {{ moment }}))
{%- endmacro %}

{% macro spark__to_local(moment, time_zone) -%}
cast(from_utc_timestamp({{ moment }}, {{ time_zone }}) as timestamp_ntz)
{%- endmacro %}
