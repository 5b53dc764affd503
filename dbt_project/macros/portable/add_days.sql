{#- A date so many days later. -#}
{% macro add_days(day, days) -%}
{{ return(adapter.dispatch('add_days', 'throughline')(day, days)) }}
{%- endmacro %}

{% macro default__add_days(day, days) -%}
cast({{ day }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{% macro spark__add_days(day, days) -%}
date_add({{ day }}, cast({{ days }} as int))
{%- endmacro %}
