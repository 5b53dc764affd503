{#- Views and tables on DuckDB, replaced in one statement. dbt's own way, under a second name that
    takes the place of the first by two renamings and a drop, costs a run of many models several
    seconds, and nobody reads the build file meanwhile. -#}
{% materialization view, adapter='duckdb' %}
    {{ return(replaced_relation('view', sql)) }}
{% endmaterialization %}

{% materialization table, adapter='duckdb' %}
    {{ return(replaced_relation('table', sql)) }}
{% endmaterialization %}

{% macro replaced_relation(kind, query) -%}
    {{ run_hooks(pre_hooks) }}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type=kind) -%}
    {%- if existing is not none and existing.type != kind -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {% call statement('main') -%}
        {%- if config.get('contract').enforced -%}
            {{ get_assert_columns_equivalent(query) }}
            create or replace table {{ target_relation }}
            {{ get_table_columns_and_constraints() }};
            insert into {{ target_relation }} {{ get_column_names() }} (
                {{ get_select_subquery(query) }}
            )
        {%- else -%}
            create or replace {{ kind }} {{ target_relation }} as (
                {{ query }}
            )
        {%- endif -%}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{%- endmacro %}
