{#- Business microseconds a region's calendar has run up to a UTC instant.
    The difference of two such numbers is the business time between two instants, signed.
    day: alias of int_business_days_opened joined on the instant's local date. -#}
{% macro business_us_at(instant, day) -%}
({{ day }}.business_us_before + case
    when {{ day }}.is_business_day then greatest(
        cast(0 as bigint),
        least({{ epoch_us(instant) }}, {{ epoch_us(day ~ '.closes_at') }})
        - {{ epoch_us(day ~ '.opens_at') }}
    )
    else 0
end)
{%- endmacro %}
