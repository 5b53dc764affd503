with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

campaigns_live as (
    select * from {{ ref('int_campaigns_live') }}
),

launch_milestones as (
    select * from {{ ref('int_milestones_judged') }}
    where evidence_event = 'first_live_evidence'
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
    where is_latest_version
),

launch_approvals as (
    select
        campaign_key,
        min(case when is_approved then 1 else 0 end) = 1 as is_approved,
        min(case when is_approved_at_launch then 1 else 0 end) = 1 as is_approved_at_launch
    from {{ ref('int_launch_approvals_judged') }}
    group by campaign_key
),

blocked as (
    select
        campaign_key,
        cast(count(distinct approval_id) as bigint) as blocked_approval_count
    from {{ ref('int_approval_rounds_judged') }}
    where is_blocked
    group by campaign_key
),

thresholds as (
    select
        max(case when threshold_key = 'launch_delay_days' then threshold_value end) as launch_delay_days,
        max(case when threshold_key = 'blocked_approvals' then threshold_value end) as blocked_approvals
    from {{ ref('rule_thresholds') }}
),

joined as (
    select
        campaigns.campaign_key,
        campaigns.campaign_name,
        campaigns.campaign_family,
        campaigns.owner_name,
        campaigns.valid_from_date,
        coalesce(campaigns.valid_to_date < {{ reporting_day(as_of_at()) }}, false) as is_over,
        launch_milestones.baseline_planned_at,
        launch_milestones.current_planned_at,
        coalesce(launch_milestones.replan_count, cast(0 as bigint)) as replan_count,
        launch_milestones.ticked_at as claimed_live_at,
        campaigns_live.evidenced_live_at,
        campaigns_live.live_evidence,
        launch_milestones.is_on_time,
        coalesce(campaigns.cancelled_at <= {{ as_of_at() }}, false) as is_cancelled,
        coalesce(briefs.is_ready, false) as is_brief_ready,
        coalesce(launch_approvals.is_approved, false) as is_approved,
        campaigns_live.campaign_key is not null
        and coalesce(launch_approvals.is_approved_at_launch is false, false) as is_launched_unapproved,
        coalesce(blocked.blocked_approval_count, cast(0 as bigint)) as blocked_approval_count,
        coalesce(campaigns_live.evidenced_live_on, {{ reporting_day(as_of_at()) }}) as live_or_as_of_on,
        {{ reporting_day('launch_milestones.baseline_planned_at') }} as baseline_planned_on,
        thresholds.launch_delay_days,
        thresholds.blocked_approvals
    from campaigns
    cross join thresholds
    left join launch_milestones on campaigns.campaign_key = launch_milestones.campaign_key
    left join campaigns_live on campaigns.campaign_key = campaigns_live.campaign_key
    left join briefs on campaigns.campaign_key = briefs.campaign_key
    left join launch_approvals on campaigns.campaign_key = launch_approvals.campaign_key
    left join blocked on campaigns.campaign_key = blocked.campaign_key
),

slipped as (
    select
        *,
        -- Dates are counted, not 24-hour blocks (V1). Cancelled campaigns leave the slip (V5), and one
        -- that is not due yet has none.
        case
            when is_cancelled then null
            when evidenced_live_at is not null or live_or_as_of_on > baseline_planned_on
                then {{ days_between('baseline_planned_on', 'live_or_as_of_on') }}
        end as slip_days
    from joined
),

final as (
    select
        campaign_key,
        campaign_name,
        campaign_family,
        valid_from_date,
        baseline_planned_at,
        current_planned_at,
        replan_count,
        claimed_live_at,
        evidenced_live_at,
        live_evidence,
        slip_days,
        coalesce(slip_days > launch_delay_days, false) as is_delayed_over_threshold,
        is_on_time,
        is_cancelled,
        is_over,
        is_launched_unapproved,
        blocked_approval_count,
        blocked_approval_count >= blocked_approvals as is_blocked_over_threshold,
        is_brief_ready,
        case
            when is_cancelled then 'cancelled'
            when evidenced_live_at is not null then 'live'
            when slip_days > 0 then 'overdue'
            when is_approved then 'approved'
            when is_brief_ready and owner_name is not null and baseline_planned_at is not null then 'ready'
            else 'not_ready'
        end as launch_state
    from slipped
)

select * from final
