{#- On Spark: tables over the Parquet that pipelines/spark.py handed over. On DuckDB they exist. -#}
{% macro register_sources() -%}
{%- if execute and target.type == 'spark' -%}
{%- set folder = env_var('THROUGHLINE_HOME', 'warehouse') ~ '/spark/sources' -%}
{%- for source in graph.sources.values() %}
{%- do run_query('create database if not exists ' ~ source.schema) -%}
{%- do run_query('drop table if exists ' ~ source.schema ~ '.' ~ source.name) -%}
{%- do run_query("create table " ~ source.schema ~ "." ~ source.name ~ " using parquet location '" ~ folder ~ "/" ~ source.schema ~ "/" ~ source.name ~ "'") -%}
{%- endfor %}
{%- endif -%}
{%- endmacro %}
