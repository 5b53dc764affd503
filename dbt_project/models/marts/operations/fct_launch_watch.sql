-- The first launch_watch_hours of a live campaign (S3-3): what came, and what it cost. A day of spend
-- has no time: it counts if it begins before the watch ends.
with launches as (
    select * from {{ ref('int_launches_evidenced') }}
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
    where campaign_key is not null
),

leads as (
    select
        campaign_key,
        contact_key,
        min(converted_at) as captured_at
    from {{ ref('int_credits_settled') }}
    where conversion_type = 'lead' and attribution_model = 'first_touch' and campaign_key is not null
    group by campaign_key, contact_key
),

ad_spend_daily as (
    select * from {{ ref('int_ad_spend_daily') }}
),

thresholds as (
    select cast(max(threshold_value) * 3600000000 as bigint) as watch_us
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'launch_watch_hours'
),

watched as (
    select
        launches.campaign_key,
        launches.evidenced_live_at,
        {{ add_us('launches.evidenced_live_at', 'thresholds.watch_us') }} as watch_ends_at
    from launches
    cross join thresholds
),

touched as (
    select
        watched.campaign_key,
        cast(count(touches.touch_id) as bigint) as touch_count,
        cast(count(distinct touches.contact_key) as bigint) as contact_count
    from watched
    inner join touches
        on
            watched.campaign_key = touches.campaign_key
            and watched.evidenced_live_at <= touches.touched_at
            and watched.watch_ends_at > touches.touched_at
    group by watched.campaign_key
),

captured as (
    select
        watched.campaign_key,
        cast(
            count(case when leads.captured_at < watched.watch_ends_at then leads.contact_key end) as bigint
        ) as lead_count,
        min(leads.captured_at) as first_lead_at
    from watched
    inner join leads
        on watched.campaign_key = leads.campaign_key and watched.evidenced_live_at <= leads.captured_at
    group by watched.campaign_key
),

spent as (
    select
        watched.campaign_key,
        -- What has no price leaves no sum.
        case when count(*) = count(ad_spend_daily.spend_reporting) then sum(ad_spend_daily.spend_reporting) end
            as spend_reporting
    from watched
    inner join ad_spend_daily
        on
            watched.campaign_key = ad_spend_daily.campaign_key
            and ad_spend_daily.date_day >= {{ reporting_day('watched.evidenced_live_at') }}
            and {{ local_day_start('ad_spend_daily.date_day', var('reporting_time_zone')) }} < watched.watch_ends_at
    where ad_spend_daily.spend <> 0
    group by watched.campaign_key
),

final as (
    select
        watched.campaign_key,
        watched.watch_ends_at <= {{ as_of_at() }} as is_watch_over,
        coalesce(touched.touch_count, 0) as touch_count,
        coalesce(touched.contact_count, 0) as contact_count,
        coalesce(captured.lead_count, 0) as lead_count,
        cast(spent.spend_reporting as decimal(18, 2)) as spend_reporting,
        ({{ epoch_us('captured.first_lead_at') }} - {{ epoch_us('watched.evidenced_live_at') }})
        / cast(3600000000 as double) as hours_to_first_lead,
        watched.evidenced_live_at,
        watched.watch_ends_at
    from watched
    left join touched on watched.campaign_key = touched.campaign_key
    left join captured on watched.campaign_key = captured.campaign_key
    left join spent on watched.campaign_key = spent.campaign_key
)

select * from final
