-- Weeks that are over, and of which reports tell every day: a response is learned from whole ones.
with ad_spend as (
    select
        *,
        cast(date_trunc('week', date_day) as date) as week_start_date
    from {{ ref('int_ad_spend_daily') }}
),

told as (
    select
        min(date_day) as first_day,
        max(date_day) as last_day
    from ad_spend
),

final as (
    select
        ad_spend.channel,
        ad_spend.week_start_date,
        cast(sum(coalesce(ad_spend.spend_reporting, 0)) as decimal(18, 2)) as spend_reporting,
        bool_or(ad_spend.spend <> 0 and ad_spend.spend_reporting is null) as is_spend_partial
    from ad_spend
    cross join told
    where
        ad_spend.week_start_date >= told.first_day
        and {{ add_days('ad_spend.week_start_date', 6) }} <= told.last_day
        and {{ add_days('ad_spend.week_start_date', 7) }} <= {{ reporting_day(as_of_at()) }}
    group by ad_spend.channel, ad_spend.week_start_date
)

select * from final
