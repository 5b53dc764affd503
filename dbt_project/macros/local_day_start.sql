{#- The UTC instant at which a day begins in a zone. -#}
{% macro local_day_start(day, time_zone) -%}
{{ to_utc("cast(" ~ day ~ " as timestamp)", "'" ~ time_zone ~ "'") }}
{%- endmacro %}
