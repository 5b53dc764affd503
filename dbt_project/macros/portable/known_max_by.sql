{#- The known `value` of the group's row with the largest `position`: rows whose value is NULL do not count,
    as on DuckDB; Spark's max_by would give NULL where such a row has it. -#}
{% macro known_max_by(value, position) -%}
max_by({{ value }}, {{ position }}) filter (where {{ value }} is not null)
{%- endmacro %}
