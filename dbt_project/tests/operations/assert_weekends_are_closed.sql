-- Nobody works on a Saturday or Sunday that the calendar does not list, and every day is there.
{{ config(meta={'dagster': {'ref': {'name': 'int_business_days_opened'}}}) }}
with business_days as (
    select * from {{ ref('int_business_days_opened') }}
),

business_calendar as (
    select * from {{ ref('business_calendar') }}
),

compared as (
    select
        business_days.region,
        business_days.calendar_date,
        lag(business_days.calendar_date) over (
            partition by business_days.region order by business_days.calendar_date
        ) as day_before,
        {{ days_between("cast('2024-01-01' as date)", 'business_days.calendar_date') }} as days_since_a_monday,
        business_days.is_business_day and business_calendar.region is null as is_open_as_usual
    from business_days
    left join business_calendar
        on
            business_days.region = business_calendar.region
            and business_days.calendar_date = business_calendar.calendar_date
),

final as (
    select
        region,
        calendar_date
    from compared
    where
        (is_open_as_usual and mod(mod(days_since_a_monday, 7) + 7, 7) > 4)
        or {{ days_between('day_before', 'calendar_date') }} <> 1
)

select * from final
