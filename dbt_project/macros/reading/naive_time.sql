{#- ISO 8601 text without a zone as a naive timestamp; NULL where it is none. -#}
{% macro naive_time(column) -%}
try_cast(case when {{ matches(column, "'" ~ iso_pattern() ~ "'") }} then trim({{ column }}) end as timestamp)
{%- endmacro %}
