{#- On Spark, which keeps no catalog between processes: what lies below its folder and dbt does not build now,
    as pipelines/spark.py tells it. On DuckDB it exists. -#}
{% macro register_relations() -%}
{%- if execute and target.type == 'spark' -%}
{%- set told = run_query(
    'select * from json.`' ~ env_var('THROUGHLINE_HOME', 'warehouse') ~ '/spark/relations.jsonl` order by place'
).rows -%}
{%- for schema in told | map(attribute='schema') | unique %}
{%- do run_query('create database if not exists ' ~ schema) -%}
{%- endfor %}
{%- for relation in told %}
{%- set known = adapter.get_relation(none, relation.schema, relation.name) -%}
{%- if known and relation.is_anew %}
{%- do adapter.drop_relation(known) -%}
{%- endif %}
{%- if relation.is_anew or not known %}
{%- do run_query(relation.statement) -%}
{%- endif %}
{%- endfor %}
{%- endif -%}
{%- endmacro %}
