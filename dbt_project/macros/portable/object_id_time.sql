{#- When an object was made, by the first 8 hex digits of its id: seconds since 1970, as naive UTC. -#}
{% macro object_id_time(column) -%}
{{ timestamp_from_us(hex_number('left(' ~ column ~ ', 8)') ~ ' * 1000000') }}
{%- endmacro %}
