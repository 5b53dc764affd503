{#- ISO 8601 text whose offset may lack its colon ('-0700', as Jira writes it), as naive UTC. -#}
{% macro offset_time(column) -%}
{{ utc_time(
    "case when " ~ matches(column, "'[+-][0-9]{4}$'")
    ~ " then concat(left(" ~ column ~ ", length(" ~ column ~ ") - 2), ':', right(" ~ column ~ ", 2)) else " ~ column ~ " end"
) }}
{%- endmacro %}
