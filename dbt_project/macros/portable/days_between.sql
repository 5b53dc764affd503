{#- Days from `start` to `finish`, both dates; negative if it comes before. Counts dates, not hours. -#}
{% macro days_between(start, finish) -%}
{{ return(adapter.dispatch('days_between', 'throughline')(start, finish)) }}
{%- endmacro %}

{% macro default__days_between(start, finish) -%}
cast(date_diff('day', {{ start }}, {{ finish }}) as bigint)
{%- endmacro %}

{% macro spark__days_between(start, finish) -%}
cast(datediff({{ finish }}, {{ start }}) as bigint)
{%- endmacro %}
