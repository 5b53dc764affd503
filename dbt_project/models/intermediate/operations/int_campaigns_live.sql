-- Live is the first evidence from the day of validity on, not the tracker's tick-box (S1-20): a slug
-- of last year says nothing about this year's launch, nor does a visit after the cancellation.
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
),

ad_spend_daily as (
    select * from {{ ref('int_ad_spend_daily') }}
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

evidence as (
    select
        campaign_key,
        touch_type as live_evidence,
        {{ reporting_day('touched_at') }} as evidenced_on,
        touched_at as evidenced_at
    from touches
    union all
    -- A day of spend has no time: like every such date it stands for the end of its business day.
    select
        ad_spend_daily.campaign_key,
        'ad_spend' as live_evidence,
        ad_spend_daily.date_day as evidenced_on,
        least(business_days.closes_at, {{ as_of_at() }}) as evidenced_at
    from ad_spend_daily
    inner join business_days on ad_spend_daily.date_day = business_days.calendar_date
    where ad_spend_daily.spend > 0
),

final as (
    select
        campaigns.campaign_key,
        evidence.live_evidence,
        evidence.evidenced_on as evidenced_live_on,
        evidence.evidenced_at as evidenced_live_at
    from campaigns
    inner join evidence on campaigns.campaign_key = evidence.campaign_key
    where
        evidence.evidenced_on >= campaigns.valid_from_date
        and evidence.evidenced_at <= {{ as_of_at() }}
        and (campaigns.cancelled_at is null or evidence.evidenced_at < campaigns.cancelled_at)
    qualify row_number() over (
        partition by campaigns.campaign_key
        order by evidence.evidenced_at, evidence.evidenced_on, evidence.live_evidence
    ) = 1
)

select * from final
