{#- A text time as naive UTC: by the offset that it carries itself, whatever its column is said to hold, else
    as `local`, the naive timestamp that a reading makes of it, in `time_zone` (an SQL expression). -#}
{% macro zoned_time(column, local, time_zone) -%}
case
    when {{ has_offset(column) }} then {{ utc_time(column) }}
    else {{ to_utc(local, time_zone) }}
end
{%- endmacro %}
