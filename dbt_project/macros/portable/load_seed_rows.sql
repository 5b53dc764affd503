{#- Seeds on Spark: dbt-spark's session connection writes an empty cell as the text 'None' and does
    not survive an apostrophe. Here empty cells are NULL, as on DuckDB, and text is quoted. -#}
{% macro spark__load_csv_rows(model, agate_table) -%}
{%- set types = model.config.get('column_types', {}) -%}
{%- for chunk in agate_table.rows | batch(1000) -%}
    {%- set rows -%}
    insert into {{ this.render() }} values
    {% for row in chunk -%}
    (
        {%- for name in agate_table.column_names -%}
        {%- set kind = types.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
        {%- set cell = row[name] -%}
        cast({{ 'null' if cell is none else "'" ~ (cell | string | replace('\\', '\\\\') | replace("'", "\\'")) ~ "'" }} as {{ kind }})
        {{- ',' if not loop.last -}}
        {%- endfor -%}
    ){{ ',' if not loop.last }}
    {% endfor %}
    {%- endset -%}
    {%- do adapter.add_query(rows, abridge_sql_log=True) -%}
{%- endfor -%}
{{ return('insert into ' ~ this.render()) }}
{%- endmacro %}
