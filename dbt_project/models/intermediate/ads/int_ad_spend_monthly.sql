-- Spend of each month: its days, and the reports without days that lie in it. What has no price, and what
-- nobody can put into a month, marks the months that lack it.
with daily as (
    select * from {{ ref('int_ad_spend_daily') }}
),

periods as (
    select * from {{ ref('int_ad_spend_periods') }}
    where undated_spend > 0
),

of_no_month as (
    select
        ad_spend_period_id,
        platform,
        channel,
        greatest(coalesce(period_start_date, period_end_date), {{ facts_since() }}) as first_day,
        -- One without an end goes on until the day that it is where the account is.
        least(period_end_date, {{ source_day(as_of_at(), 'source_timezone') }}) as last_day
    from periods
    where month_start_date is null and coalesce(period_start_date, period_end_date) is not null
),

-- One tick a month. Without any bound it could be of every month, and the audit alone tells of it.
ticks as (
    select
        ad_spend_period_id,
        platform,
        channel,
        {{ month_index('first_day') }} as first_month_no,
        {{ split_rows(
            "repeat(',', cast(" ~ month_index('last_day') ~ " - " ~ month_index('first_day') ~ " as int))", ','
        ) }} as tick
    from of_no_month
    where first_day <= last_day
),

lacking as (
    select
        platform,
        channel,
        first_month_no + row_number() over (partition by ad_spend_period_id order by tick) - 1 as month_no
    from ticks
),

combined as (
    select
        {{ month_index('date_day') }} as month_no,
        platform,
        channel,
        spend_reporting,
        platform_conversions,
        spend <> 0 and spend_reporting is null as is_lacking
    from daily
    union all
    select
        {{ month_index('month_start_date') }} as month_no,
        platform,
        channel,
        undated_spend_reporting as spend_reporting,
        -- Where days tell some of it they tell their claims, too.
        case when undated_spend = spend then platform_conversions end as platform_conversions,
        undated_spend_reporting is null as is_lacking
    from periods
    where month_start_date is not null
    union all
    select
        month_no,
        platform,
        channel,
        cast(null as decimal(18, 2)) as spend_reporting,
        cast(null as double) as platform_conversions,
        true as is_lacking
    from lacking
),

final as (
    select
        {{ surrogate_key(['month_no', 'platform', 'channel']) }} as ad_spend_month_id,
        cast(month_no as bigint) as month_no,
        platform,
        channel,
        cast(sum(spend_reporting) as decimal(18, 2)) as spend_reporting,
        round({{ exact_sum('platform_conversions') }}, 4) as platform_conversions,
        coalesce(bool_or(is_lacking), false) as is_spend_partial
    from combined
    group by month_no, platform, channel
)

select * from final
