{#- A naive local timestamp in a zone as naive UTC. -#}
{% macro to_utc(moment, time_zone) -%}
{{ return(adapter.dispatch('to_utc', 'throughline')(moment, time_zone)) }}
{%- endmacro %}

{% macro default__to_utc(moment, time_zone) -%}
timezone('UTC', timezone({{ time_zone }}, {{ moment }}))
{%- endmacro %}

{% macro spark__to_utc(moment, time_zone) -%}
cast(to_utc_timestamp({{ moment }}, {{ time_zone }}) as timestamp_ntz)
{%- endmacro %}
