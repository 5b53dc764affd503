{#- A vendor's local timestamp text as UTC; NULL where it is none. -#}
{% macro local_time(column, time_zone) -%}
{{ to_utc("try_cast(" ~ column ~ " as timestamp)", "'" ~ time_zone ~ "'") }}
{%- endmacro %}
