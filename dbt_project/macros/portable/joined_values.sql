{#- The values of a column of text, each once and in order, with commas between; NULL where there are none. An
    aggregate. -#}
{% macro joined_values(column) -%}
{{ return(adapter.dispatch('joined_values', 'throughline')(column)) }}
{%- endmacro %}

{% macro default__joined_values(column) -%}
string_agg(distinct {{ column }}, ',' order by {{ column }})
{%- endmacro %}

{% macro spark__joined_values(column) -%}
nullif(array_join(array_sort(collect_set({{ column }})), ','), '')
{%- endmacro %}
