{#- Months since the year 0: a number that months can be counted with on both engines. -#}
{% macro month_index(day) -%}
(cast(extract(year from {{ day }}) as bigint) * 12 + cast(extract(month from {{ day }}) as bigint) - 1)
{%- endmacro %}

{#- The first day of such a month. -#}
{% macro month_start(month_no) -%}
cast(concat(
    lpad(cast(cast(floor({{ month_no }} / 12) as bigint) as {{ dbt.type_string() }}), 4, '0'), '-',
    lpad(cast({{ month_no }} % 12 + 1 as {{ dbt.type_string() }}), 2, '0'), '-01'
) as date)
{%- endmacro %}
