{#- The UTC instant a date without a time stands for: the calendar's close on that day, or the
    region's standard close for days the calendar doesn't list.
    day: alias of int_business_days_opened joined on the date; region: alias of calendar_regions. -#}
{% macro end_of_business_day(on_date, day, region) -%}
coalesce(
    {{ day }}.closes_at,
    {{ local_time_to_utc(on_date, region ~ '.standard_close_time', region ~ '.time_zone') }}
)
{%- endmacro %}
