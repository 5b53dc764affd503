with milestones as (
    select * from {{ ref('int_milestones_defined') }}
),

milestones_planned as (
    select * from {{ ref('int_milestones_planned') }}
),

evidence as (
    select * from {{ ref('int_milestone_evidence_dated') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

-- Where a system can see the event, only the event counts; else the tracker's tick-box.
known as (
    select
        milestones.*,
        milestones_planned.baseline_planned_at,
        milestones_planned.current_planned_at,
        milestones_planned.replan_count,
        milestones_planned.moved_late_at,
        milestones_planned.is_plan_history_known,
        campaigns.cancelled_at,
        milestones.evidence_event = 'nth_lead' or evidence.evidence_id is not null as is_watched,
        coalesce(evidence.is_evidenced, false) as is_evidenced,
        evidence.evidenced_at
    from milestones
    inner join milestones_planned on milestones.milestone_id = milestones_planned.milestone_id
    inner join campaigns on milestones.campaign_key = campaigns.campaign_key
    left join evidence
        on
            milestones.campaign_key = evidence.campaign_key
            and milestones.evidence_event = evidence.evidence_event
            and milestones.target_value = evidence.event_no
),

dated as (
    select
        *,
        case when is_watched then is_evidenced else coalesce(is_ticked, false) end as is_done,
        case when is_watched then evidenced_at else ticked_at end as actual_at,
        case
            when is_watched and is_evidenced then case when evidenced_at is null then 'unknown' else 'evidence' end
            when is_watched is not true then ticked_at_source
        end as actual_date_source
    from known
),

compared as (
    select
        *,
        -- Out of the rates (V5, V8): no date, not due yet, called off before it was due, done nobody knows when.
        baseline_planned_at is not null
        and baseline_planned_at <= {{ as_of_at() }}
        and coalesce(cancelled_at >= baseline_planned_at, true)
        and not (is_done and actual_at is null) as is_countable,
        -- A date moved after it had passed never counts (V4), unless the work was done by then.
        coalesce(moved_late_at < coalesce(actual_at, {{ as_of_at() }}), false) as is_moved_late,
        -- The first evidence of a launch is a day's: it is compared by date (S1-5).
        case
            when evidence_event = 'first_live_evidence'
                then {{ reporting_day('actual_at') }} <= {{ reporting_day('baseline_planned_at') }}
            else actual_at <= baseline_planned_at
        end as is_by_baseline,
        case
            when evidence_event = 'first_live_evidence'
                then {{ reporting_day('actual_at') }} <= {{ reporting_day('current_planned_at') }}
            else actual_at <= current_planned_at
        end as is_by_current,
        seq is not null
        and is_done is false
        and coalesce(baseline_planned_at < {{ as_of_at() }}, false)
        and coalesce(cancelled_at > {{ as_of_at() }}, true) as is_break
    from dated
),

final as (
    select
        milestone_id,
        campaign_key,
        milestone_key,
        milestone_name,
        seq,
        evidence_event,
        -- What no event, service level or person stands behind is a hypothesis (S1-27).
        case
            when evidence_event is not null or sla_hours is not null or owner_name is not null then 'commitment'
            else 'hypothesis'
        end as milestone_kind,
        coalesce(owner_name, 'Unassigned') as owner_name,
        baseline_planned_at,
        current_planned_at,
        replan_count,
        is_plan_history_known,
        ticked_at,
        actual_at,
        actual_date_source,
        is_done,
        case
            when is_countable then is_moved_late is false and coalesce(is_by_baseline, false)
        end as is_on_time,
        case
            when is_countable and current_planned_at <= {{ as_of_at() }}
                then is_moved_late is false and coalesce(is_by_current, false)
        end as is_on_time_replanned,
        is_break and row_number() over (
            partition by campaign_key, is_break
            order by seq
        ) = 1 as is_first_break
    from compared
)

select * from final
