with business_calendar as (
    select * from {{ ref('business_calendar') }}
),

calendar_regions as (
    select * from {{ ref('calendar_regions') }}
),

local_hours as (
    select
        business_calendar.region,
        business_calendar.calendar_date,
        calendar_regions.time_zone,
        business_calendar.is_business_day,
        business_calendar.holiday_name,
        coalesce(business_calendar.open_time, calendar_regions.standard_open_time) as open_time,
        coalesce(business_calendar.close_time, calendar_regions.standard_close_time) as close_time
    from business_calendar
    inner join calendar_regions
        on business_calendar.region = calendar_regions.region
),

opened as (
    select
        region,
        calendar_date,
        time_zone,
        is_business_day,
        holiday_name,
        {{ local_time_to_utc('calendar_date', 'open_time', 'time_zone') }} as opens_at,
        {{ local_time_to_utc('calendar_date', 'close_time', 'time_zone') }} as closes_at
    from local_hours
),

measured as (
    select
        *,
        case
            when is_business_day then {{ epoch_us('closes_at') }} - {{ epoch_us('opens_at') }}
            else 0
        end as business_us,
        case when is_business_day then 1 else 0 end as business_days
    from opened
),

final as (
    select
        region,
        calendar_date,
        time_zone,
        is_business_day,
        holiday_name,
        opens_at,
        closes_at,
        cast(business_us as bigint) as business_us,
        cast(
            sum(business_us) over (
                partition by region
                order by calendar_date
                rows between unbounded preceding and current row
            ) - business_us as bigint
        ) as business_us_before,
        cast(
            sum(business_days) over (
                partition by region
                order by calendar_date
                rows between unbounded preceding and current row
            ) - business_days as bigint
        ) as business_days_before
    from measured
)

select * from final
