-- The three planned dates (V4). The baseline is the date in force when the campaign's brief was first
-- approved; without an approval, or without a date by then, it is the first date after.
with milestones as (
    select * from {{ ref('int_milestones_defined') }}
),

planned_dates as (
    select * from {{ ref('int_milestone_dates_planned') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

-- A printed list or board has no history: all dates in it look as if they had never moved.
telling_trackers as (
    select distinct tracker
    from {{ ref('int_task_changes_unioned') }}
    where field = 'due_date'
),

commitments as (
    select
        campaign_key,
        min(approved_at) as committed_at
    from briefs
    group by campaign_key
),

-- A date that is cleared goes then, and moves to whichever is set next.
held as (
    select
        *,
        lead(set_at) over (partition by milestone_id order by plan_no) as given_up_at
    from planned_dates
),

compared as (
    select
        held.*,
        held.set_at <= commitments.committed_at as is_committed,
        lag(held.planned_at) over (partition by held.milestone_id order by held.plan_no) as planned_at_before,
        lag(held.given_up_at) over (partition by held.milestone_id order by held.plan_no) as moved_at
    from held
    inner join milestones on held.milestone_id = milestones.milestone_id
    left join commitments on milestones.campaign_key = commitments.campaign_key
    where held.planned_at is not null
),

-- Another hour of the same day is no new plan.
moved as (
    select
        *,
        {{ reporting_day('planned_at') }} <> {{ reporting_day('planned_at_before') }} as is_move,
        coalesce(
            max(case when is_committed then plan_no end) over (partition by milestone_id),
            min(plan_no) over (partition by milestone_id)
        ) as baseline_no
    from compared
),

summed as (
    select
        milestone_id,
        max(case when plan_no = baseline_no then planned_at end) as baseline_planned_at,
        {{ known_max_by('planned_at', 'plan_no') }} as current_planned_at,
        cast(sum(case when is_move and plan_no > baseline_no then 1 else 0 end) as bigint) as replan_count,
        -- The first time somebody moved the date after it had passed.
        min(case when is_move and moved_at > planned_at_before then moved_at end) as moved_late_at
    from moved
    group by milestone_id
),

final as (
    select
        milestones.milestone_id,
        -- The registry's date counts where neither a brief nor a task has one.
        case
            when milestones.evidence_event = 'first_live_evidence'
                then coalesce(summed.baseline_planned_at, campaigns.planned_launch_at)
            else summed.baseline_planned_at
        end as baseline_planned_at,
        case
            when milestones.evidence_event = 'first_live_evidence'
                then coalesce(summed.current_planned_at, campaigns.planned_launch_at)
            else summed.current_planned_at
        end as current_planned_at,
        coalesce(summed.replan_count, cast(0 as bigint)) as replan_count,
        summed.moved_late_at,
        case when milestones.task_id is not null then telling_trackers.tracker is not null end as is_plan_history_known
    from milestones
    inner join campaigns on milestones.campaign_key = campaigns.campaign_key
    left join summed on milestones.milestone_id = summed.milestone_id
    left join tasks on milestones.task_id = tasks.task_id
    left join telling_trackers on tasks.tracker = telling_trackers.tracker
)

select * from final
