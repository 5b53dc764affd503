{#- A bare `dbt build --vars 'as_of_at: …'` moves the clock of the current rows as well, on DuckDB;
    Spark is handed rows that are current already. -#}
{% macro set_clock() -%}
{%- if execute and var('as_of_at') and target.type == 'duckdb' -%}
{%- do run_query("update ops.clock set as_of_at = cast('" ~ var('as_of_at') ~ "' as timestamp)") -%}
{%- endif -%}
{%- endmacro %}
