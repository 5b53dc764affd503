{#- Whether a text contains a match of a pattern that both engines read alike: no \d, no lookaround. -#}
{% macro matches(column, pattern) -%}
{{ return(adapter.dispatch('matches', 'throughline')(column, pattern)) }}
{%- endmacro %}

{% macro default__matches(column, pattern) -%}
regexp_matches({{ column }}, {{ pattern }})
{%- endmacro %}

{% macro spark__matches(column, pattern) -%}
{{ column }} rlike {{ pattern }}
{%- endmacro %}
