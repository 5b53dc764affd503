{#- A timestamp so many microseconds later. -#}
{% macro add_us(moment, microseconds) -%}
{{ timestamp_from_us(epoch_us(moment) ~ ' + ' ~ microseconds) }}
{%- endmacro %}
