{#- A vendor's local timestamp text, ISO 8601, as naive UTC; NULL where it is none. -#}
{% macro local_time(column, time_zone) -%}
{{ zoned_time(column, naive_time(column), "'" ~ time_zone ~ "'") }}
{%- endmacro %}
