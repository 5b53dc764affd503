{#- Whether the text of a time ends with what it is off UTC by: Z, UTC, +02, -0400, +05:30. -#}
{% macro has_offset(column) -%}
{{ matches(column, "'[0-9]:[0-9]{2}([.][0-9]+)? ?(UTC|Z|[+-][0-9]{2}(:?[0-9]{2})?) *$'") }}
{%- endmacro %}
