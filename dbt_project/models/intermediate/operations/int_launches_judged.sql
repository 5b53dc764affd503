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

evidenced as (
    select * from {{ ref('int_launches_evidenced') }}
    where is_registered
),

business_days as (
    select
        calendar_date,
        sum(case when is_business_day then 1 else 0 end) over (
            order by calendar_date
            rows between unbounded preceding and current row
        ) as business_day_no
    from {{ ref('int_business_days_opened') }}
    where is_default
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
        max(case when threshold_key = 'blocked_approvals' then threshold_value end) as blocked_approvals,
        max(case when threshold_key = 'ghost_hours' then threshold_value end) as ghost_hours,
        max(case when threshold_key = 'reporting_object_hours' then threshold_value end) as reporting_object_hours
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
        and coalesce(launch_approvals.is_approved_at_launch is false, false) as is_unapproved,
        evidenced.first_utm_at is null or evidenced.first_crm_at is null or evidenced.first_web_at is null
            as is_leg_missing,
        evidenced.validated_at,
        evidenced.first_brief_approved_at,
        evidenced.first_approval_asked_at,
        evidenced.are_briefs_recorded,
        evidenced.are_approvals_recorded,
        evidenced.are_validations_recorded,
        coalesce(blocked.blocked_approval_count, cast(0 as bigint)) as blocked_approval_count,
        coalesce(campaigns_live.evidenced_live_on, {{ reporting_day(as_of_at()) }}) as live_or_as_of_on,
        {{ reporting_day('launch_milestones.baseline_planned_at') }} as baseline_planned_on,
        thresholds.launch_delay_days,
        thresholds.blocked_approvals,
        thresholds.ghost_hours * cast(3600000000 as double) as ghost_us,
        thresholds.reporting_object_hours * cast(3600000000 as double) as reporting_object_us
    from campaigns
    cross join thresholds
    left join launch_milestones on campaigns.campaign_key = launch_milestones.campaign_key
    left join campaigns_live on campaigns.campaign_key = campaigns_live.campaign_key
    left join evidenced on campaigns.campaign_key = evidenced.campaign_key
    left join briefs on campaigns.campaign_key = briefs.campaign_key
    left join launch_approvals on campaigns.campaign_key = launch_approvals.campaign_key
    left join blocked on campaigns.campaign_key = blocked.campaign_key
),

slipped as (
    select
        joined.*,
        -- Dates are counted, not 24-hour blocks (V1). Cancelled campaigns leave the slip (V5), and one
        -- that is not due yet has none.
        case
            when joined.is_cancelled then null
            when joined.evidenced_live_at is not null or joined.live_or_as_of_on > joined.baseline_planned_on
                then {{ days_between('joined.baseline_planned_on', 'joined.live_or_as_of_on') }}
        end as slip_days,
        planned_days.business_day_no as planned_business_day_no,
        live_days.business_day_no as live_business_day_no
    from joined
    left join business_days as planned_days on joined.baseline_planned_on = planned_days.calendar_date
    left join business_days as live_days on joined.live_or_as_of_on = live_days.calendar_date
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
        case
            when slip_days is not null then cast(live_business_day_no - planned_business_day_no as bigint)
        end as slip_business_days,
        coalesce(slip_days > launch_delay_days, false) as is_delayed_over_threshold,
        is_on_time,
        is_cancelled,
        is_over,
        -- Somebody says that it is live, and no system has seen it; today's evidence may come tomorrow.
        is_cancelled is false
        and evidenced_live_at is null
        and coalesce(
            {{ epoch_us(as_of_at()) }} - {{ epoch_us('claimed_live_at') }} > ghost_us, false
        ) as is_ghost,
        -- Out past everybody: no brief was approved by then, or nobody had been asked for an approval.
        evidenced_live_at is not null
        and (
            (are_briefs_recorded and coalesce(first_brief_approved_at > evidenced_live_at, true))
            or (are_approvals_recorded and coalesce(first_approval_asked_at > evidenced_live_at, true))
        ) as is_stealth,
        is_unapproved,
        evidenced_live_at is not null
        and is_leg_missing
        and {{ epoch_us(as_of_at()) }} - {{ epoch_us('evidenced_live_at') }} > reporting_object_us as is_untracked,
        evidenced_live_at is not null
        and are_validations_recorded
        and coalesce(validated_at > evidenced_live_at, true) as is_unvalidated,
        blocked_approval_count,
        blocked_approval_count >= blocked_approvals as is_blocked_over_threshold,
        is_brief_ready,
        is_brief_ready and owner_name is not null and baseline_planned_at is not null as is_ready_by_brief,
        is_approved,
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
