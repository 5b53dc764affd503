{#- The md5 of a composite key: values as text, NULL marked, separated. Never of timestamps or doubles. -#}
{% macro surrogate_key(columns) -%}
md5(concat_ws('|',
    {%- for column in columns %}
    coalesce(cast({{ column }} as {{ dbt.type_string() }}), '_null_'){{ ',' if not loop.last }}
    {%- endfor %}
))
{%- endmacro %}
