{#- When an object was made, by the first 8 hex digits of its id: seconds since 1970, as naive UTC. -#}
{% macro object_id_time(column) -%}
{{ return(adapter.dispatch('object_id_time', 'throughline')(column)) }}
{%- endmacro %}

{% macro default__object_id_time(column) -%}
{{ timestamp_from_us("try_cast(concat('0x', left(" ~ column ~ ", 8)) as bigint) * 1000000") }}
{%- endmacro %}

{% macro spark__object_id_time(column) -%}
{{ timestamp_from_us("cast(conv(left(" ~ column ~ ", 8), 16, 10) as bigint) * 1000000") }}
{%- endmacro %}
