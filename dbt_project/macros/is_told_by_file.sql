{#- Whether a row's file has the column: any of its cells is filled. Of two columns that could be a measure one
    is it in the whole file, for another measure is no substitute in single rows. -#}
{% macro is_told_by_file(column) -%}
(count({{ column }}) over (partition by _file_id) > 0)
{%- endmacro %}
