-- Every day from 2010 to the end of the calendar, in each region. A day that the
-- calendar does not list is open from Monday to Friday, at the region's standard hours.
with business_calendar as (
    select * from {{ ref('business_calendar') }}
),

calendar_end as (
    select last_day from {{ ref('int_calendar_end') }}
),

calendar_regions as (
    select * from {{ ref('calendar_regions') }}
),

ticks as (
    select {{ split_rows("repeat(',', 15000)", ',') }} as tick
),

days as (
    select {{ add_days("cast('2010-01-01' as date)", 'row_number() over (order by tick) - 1') }} as calendar_date
    from ticks
),

listed as (
    select
        calendar_regions.region,
        calendar_regions.time_zone,
        calendar_regions.region = '{{ var("business_region") }}' as is_default,
        days.calendar_date,
        coalesce(
            business_calendar.is_business_day,
            {{ days_between("cast(date_trunc('week', days.calendar_date) as date)", 'days.calendar_date') }} < 5
        ) as is_business_day,
        coalesce(business_calendar.open_time, calendar_regions.standard_open_time) as open_time,
        coalesce(business_calendar.close_time, calendar_regions.standard_close_time) as close_time
    from days
    cross join calendar_regions
    left join business_calendar
        on
            calendar_regions.region = business_calendar.region
            and days.calendar_date = business_calendar.calendar_date
    where days.calendar_date <= (select calendar_end.last_day from calendar_end)
),

opened as (
    select
        region,
        calendar_date,
        is_default,
        is_business_day,
        {{ local_time_to_utc('calendar_date', 'open_time', 'time_zone') }} as opens_at,
        {{ local_time_to_utc('calendar_date', 'close_time', 'time_zone') }} as closes_at
    from listed
),

measured as (
    select
        *,
        cast(case
            when is_business_day then {{ epoch_us('closes_at') }} - {{ epoch_us('opens_at') }}
            else 0
        end as bigint) as business_us
    from opened
),

final as (
    select
        {{ surrogate_key(['region', 'calendar_date']) }} as business_day_id,
        region,
        calendar_date,
        is_default,
        is_business_day,
        opens_at,
        closes_at,
        business_us,
        cast(
            sum(business_us) over (
                partition by region
                order by calendar_date
                rows between unbounded preceding and current row
            ) - business_us as bigint
        ) as business_us_before
    from measured
)

select * from final
