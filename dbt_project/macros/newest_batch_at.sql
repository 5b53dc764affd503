{#- The time of the newest batch, for a bare `dbt build`. -#}
{% macro newest_batch_at() -%}
{%- if execute -%}
{%- set found = run_query("select max(loaded_at) as loaded_at from ops.batches where status = 'loaded'") -%}
cast('{{ found.rows[0][0] or "1970-01-01 00:00:00" }}' as timestamp)
{%- else -%}
cast('1970-01-01 00:00:00' as timestamp)
{%- endif -%}
{%- endmacro %}
