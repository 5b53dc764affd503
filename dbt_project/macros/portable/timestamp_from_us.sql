{#- Microseconds since 1970 as a naive UTC timestamp. -#}
{% macro timestamp_from_us(microseconds) -%}
{{ return(adapter.dispatch('timestamp_from_us', 'throughline')(microseconds)) }}
{%- endmacro %}

{% macro default__timestamp_from_us(microseconds) -%}
make_timestamp({{ microseconds }})
{%- endmacro %}

{% macro spark__timestamp_from_us(microseconds) -%}
cast(timestamp_micros({{ microseconds }}) as timestamp_ntz)
{%- endmacro %}
