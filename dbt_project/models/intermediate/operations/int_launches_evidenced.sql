-- What the systems know of a launch: since when it is live, and since when links with its name, the CRM
-- and the web analytics know it (S1-21). Also of campaigns that nobody registered.
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

campaigns_live as (
    select * from {{ ref('int_campaigns_live') }}
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
    where campaign_key is not null
),

ad_spend_daily as (
    select * from {{ ref('int_ad_spend_daily') }}
    where spend > 0 and campaign_key is not null
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

milestones as (
    select * from {{ ref('int_milestones_judged') }}
    where milestone_key = 'tracking_qa_passed'
),

tracking_checks as (
    select * from {{ ref('tracking_checks') }}
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
),

approval_rounds as (
    select * from {{ ref('int_approval_rounds_judged') }}
),

legs as (
    select
        touches.campaign_key,
        min(touches.touched_at) as first_utm_at,
        min(case when touches.contact_key is not null then touches.touched_at end) as first_crm_at,
        min(case when touches.device_id is not null then touches.touched_at end) as first_web_at
    from touches
    left join campaigns on touches.campaign_key = campaigns.campaign_key
    -- A slug of last year says nothing about this year's launch.
    where coalesce({{ reporting_day('touches.touched_at') }} >= campaigns.valid_from_date, true)
    group by touches.campaign_key
),

spent as (
    select
        ad_spend_daily.campaign_key,
        min(least(business_days.closes_at, {{ as_of_at() }})) as first_spend_at
    from ad_spend_daily
    inner join business_days on ad_spend_daily.date_day = business_days.calendar_date
    group by ad_spend_daily.campaign_key
),

-- Live, whether or not somebody registered it.
live as (
    select
        campaign_key,
        evidenced_live_at,
        true as is_registered
    from campaigns_live
    union all
    select
        coalesce(legs.campaign_key, spent.campaign_key) as campaign_key,
        least(legs.first_utm_at, spent.first_spend_at) as evidenced_live_at,
        false as is_registered
    from legs
    full outer join spent on legs.campaign_key = spent.campaign_key
    left join campaigns on coalesce(legs.campaign_key, spent.campaign_key) = campaigns.campaign_key
    where campaigns.campaign_key is null
),

-- A campaign's tracking is checked when each of its checks has passed once. Where results are written
-- down they count, and not the tick at the tracker's milestone.
passed as (
    select
        campaigns.campaign_key,
        results.qa_check,
        min(case when results.result in ('pass', 'not_applicable') then results.checked_at end) as passed_at
    from {{ ref('stg_templates__qa_results') }} as results
    inner join tracking_checks on results.qa_check = tracking_checks.qa_check
    inner join campaigns on results.utm_campaign = campaigns.utm_campaign
    where results.checked_at <= {{ as_of_at() }}
    group by campaigns.campaign_key, results.qa_check
),

checked as (
    select
        campaign_key,
        case when count(*) = count(passed_at) then max(passed_at) end as passed_at
    from passed
    group by campaign_key
),

validated as (
    select
        campaigns.campaign_key,
        case when checked.campaign_key is not null then checked.passed_at else milestones.actual_at end as validated_at
    from campaigns
    left join milestones on campaigns.campaign_key = milestones.campaign_key
    left join checked on campaigns.campaign_key = checked.campaign_key
),

briefed as (
    select
        campaign_key,
        min(approved_at) as first_brief_approved_at
    from briefs
    group by campaign_key
),

asked as (
    select
        campaign_key,
        min(requested_at) as first_approval_asked_at
    from approval_rounds
    group by campaign_key
),

-- What nobody in the company records, no campaign can lack.
records as (
    select 'brief' as record from briefs
    union
    select 'approval' as record from approval_rounds
    union
    select 'validation' as record from validated
    where validated_at is not null
),

recorded as (
    select
        count(case when record = 'brief' then 1 end) > 0 as are_briefs_recorded,
        count(case when record = 'approval' then 1 end) > 0 as are_approvals_recorded,
        count(case when record = 'validation' then 1 end) > 0 as are_validations_recorded
    from records
),

-- Two campaigns of one slug at the same time: their evidence can't be told apart.
shared as (
    select distinct one.campaign_key
    from campaigns as one
    inner join campaigns as other
        on
            one.utm_campaign = other.utm_campaign
            and one.campaign_key <> other.campaign_key
            and coalesce(one.valid_from_date <= other.valid_to_date, true)
            and coalesce(one.valid_to_date >= other.valid_from_date, true)
),

final as (
    select
        live.campaign_key,
        live.is_registered,
        live.evidenced_live_at,
        legs.first_utm_at,
        legs.first_crm_at,
        legs.first_web_at,
        validated.validated_at,
        briefed.first_brief_approved_at,
        asked.first_approval_asked_at,
        recorded.are_briefs_recorded,
        recorded.are_approvals_recorded,
        recorded.are_validations_recorded,
        shared.campaign_key is not null as is_utm_shared
    from live
    cross join recorded
    left join legs on live.campaign_key = legs.campaign_key
    left join validated on live.campaign_key = validated.campaign_key
    left join briefed on live.campaign_key = briefed.campaign_key
    left join asked on live.campaign_key = asked.campaign_key
    left join shared on live.campaign_key = shared.campaign_key
)

select * from final
