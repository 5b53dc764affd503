{#- A time of monday.com's activity log as naive UTC: ten millionths of a second since 1970 in 17 digits,
    of which the last is lost; NULL where it is none. -#}
{% macro monday_time(column) -%}
case
    when length(trim({{ column }})) = 17
        then {{ timestamp_from_us("try_cast(substr(trim(" ~ column ~ "), 1, 16) as bigint)") }}
end
{%- endmacro %}
