{#- A vendor's local timestamp text as UTC, or one with a zone of its own; NULL where it is neither. -#}
{% macro local_time(column, time_zone) -%}
case
    when {{ matches(column, "'[0-9](Z|[+-][0-9]{2}:?[0-9]{2}) *$'") }} then {{ utc_time(column) }}
    else {{ to_utc(naive_time(column), "'" ~ time_zone ~ "'") }}
end
{%- endmacro %}
