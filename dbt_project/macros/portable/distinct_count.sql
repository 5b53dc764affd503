{#- How many different values a row's expressions have, NULL not counted. -#}
{% macro distinct_count(expressions) -%}
{{ return(adapter.dispatch('distinct_count', 'throughline')(expressions)) }}
{%- endmacro %}

{% macro default__distinct_count(expressions) -%}
cast(len(list_distinct([{{ expressions | join(', ') }}])) as bigint)
{%- endmacro %}

{% macro spark__distinct_count(expressions) -%}
cast(size(array_distinct(array_compact(array({{ expressions | join(', ') }})))) as bigint)
{%- endmacro %}
