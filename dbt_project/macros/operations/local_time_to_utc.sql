{#- The UTC instant at which clocks in a zone show a time ('HH:MM') on a date. -#}
{% macro local_time_to_utc(on_date, at_time, time_zone) -%}
{{ to_utc("cast(concat(cast(" ~ on_date ~ " as " ~ dbt.type_string() ~ "), ' ', " ~ at_time ~ ", ':00') as timestamp)", time_zone) }}
{%- endmacro %}
