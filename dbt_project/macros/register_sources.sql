{#- On Spark: tables over the Parquet that pipelines/spark.py handed over, sources and the models that
no delivery reaches (var unfed). On DuckDB they exist. -#}
{% macro register_sources() -%}
{%- if execute and target.type == 'spark' -%}
{%- set folder = env_var('THROUGHLINE_HOME', 'warehouse') ~ '/spark/sources' -%}
{%- set handed = graph.sources.values() | list -%}
{%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name in var('unfed', []) %}
{%- do handed.append(node) -%}
{%- endfor %}
{%- for schema in handed | map(attribute='schema') | unique %}
{%- do run_query('create database if not exists ' ~ schema) -%}
{%- endfor %}
{%- for relation in handed %}
{%- do run_query('drop table if exists ' ~ relation.schema ~ '.' ~ relation.name) -%}
{%- do run_query("create table " ~ relation.schema ~ "." ~ relation.name ~ " using parquet location '" ~ folder ~ "/" ~ relation.schema ~ "/" ~ relation.name ~ "'") -%}
{%- endfor %}
{%- endif -%}
{%- endmacro %}
