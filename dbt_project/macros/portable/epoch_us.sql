{#- Microseconds since 1970 of a naive UTC timestamp, bigint. -#}
{% macro epoch_us(moment) -%}
{{ return(adapter.dispatch('epoch_us', 'throughline')(moment)) }}
{%- endmacro %}

{% macro default__epoch_us(moment) -%}
epoch_us({{ moment }})
{%- endmacro %}

{% macro spark__epoch_us(moment) -%}
unix_micros(cast({{ moment }} as timestamp_ltz))
{%- endmacro %}
