{#- Before pipelines/attribution has ever solved anything, its tables are there and empty. -#}
{% macro create_solved_tables() -%}
{%- if execute and target.type == 'duckdb' -%}
{%- do run_query('create schema if not exists solved') -%}
{%- for source in graph.sources.values() if source.schema == 'solved' %}
{%- set columns = [] -%}
{%- for column in source.columns.values() %}{% do columns.append(column.name ~ ' ' ~ column.data_type) %}{% endfor -%}
{%- do run_query('create table if not exists solved.' ~ source.name ~ ' (' ~ columns | join(', ') ~ ')') -%}
{%- endfor %}
{%- endif -%}
{%- endmacro %}
