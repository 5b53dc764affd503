-- Milestones and blockers as they are judged, and whatever else trackers list as work. A task that is a
-- milestone stands here once, as the milestone.
{%- set earliest_at = add_us(as_of_at(), -(var('agenda_past_days') + 2) * 86400000000) %}

with milestones as (
    select * from {{ ref('int_milestones_judged') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

milestones_defined as (
    select * from {{ ref('int_milestones_defined') }}
),

milestone_dates as (
    select * from {{ ref('int_milestone_dates_planned') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
    where task_subtype is null or task_subtype <> 'section'
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

changes as (
    select * from {{ ref('int_task_changes_unioned') }}
    where
        field = 'due_date'
        and old_due_at is not null
        and new_due_at is not null
        -- Nothing earlier is told below: what is left is little to turn into days.
        and changed_at >= {{ earliest_at }}
),

approval_rounds as (
    select * from {{ ref('int_approval_rounds_judged') }}
),

blockers as (
    select * from {{ ref('fct_blockers') }}
),

-- Work that is no milestone's, with its campaign.
work as (
    select
        tasks.*,
        case when tasks.task_subtype = 'approval' then 'approval' else 'task' end as item_kind,
        tasks_matched.campaign_key
    from tasks
    left join tasks_matched on tasks.task_id = tasks_matched.task_id
    left join milestones_defined on tasks.task_id = milestones_defined.task_id
    where milestones_defined.milestone_id is null
),

-- What was planned before tells only of what has been planned anew since.
moved_lately as (
    select distinct milestone_id
    from milestone_dates
    where set_at >= {{ earliest_at }}
),

plans_moved as (
    select
        milestone_dates.milestone_id,
        milestone_dates.planned_date_id,
        milestone_dates.planned_at,
        milestone_dates.set_at,
        lag(milestone_dates.planned_at) over (
            partition by milestone_dates.milestone_id order by milestone_dates.plan_no
        ) as planned_at_before
    from milestone_dates
    inner join moved_lately on milestone_dates.milestone_id = moved_lately.milestone_id
    -- A date that was cleared moves to whichever is set next.
    where milestone_dates.planned_at is not null
),

unioned as (
    select
        'done' as section,
        'milestone' as item_kind,
        milestone_id as item_id,
        milestone_id as event_id,
        campaign_key,
        milestone_name as item_name,
        owner_name,
        actual_at as happened_at,
        baseline_planned_at as due_at,
        cast(null as timestamp) as due_before_at,
        actual_date_source as detail
    from milestones
    where is_done and actual_at is not null
    union all
    select
        case when approval_status in ('rejected', 'changes_requested') then 'changed' else 'done' end as section,
        item_kind,
        task_id as item_id,
        task_id as event_id,
        campaign_key,
        task_name as item_name,
        owner_name,
        completed_at as happened_at,
        due_at,
        cast(null as timestamp) as due_before_at,
        approval_status as detail
    from work
    where is_completed and completed_at is not null
    union all
    select
        'done' as section,
        'blocker' as item_kind,
        blocker_id as item_id,
        blocker_id as event_id,
        campaign_key,
        task_name as item_name,
        owner_name,
        resolved_at as happened_at,
        due_at,
        cast(null as timestamp) as due_before_at,
        reason as detail
    from blockers
    where not is_open and resolved_at is not null
    union all
    select
        'blocked' as section,
        'blocker' as item_kind,
        blocker_id as item_id,
        blocker_id as event_id,
        campaign_key,
        task_name as item_name,
        owner_name,
        opened_at as happened_at,
        due_at,
        cast(null as timestamp) as due_before_at,
        reason as detail
    from blockers
    where is_open
    union all
    select
        'blocked' as section,
        'approval' as item_kind,
        approval_rounds.approval_id as item_id,
        approval_rounds.approval_round_id as event_id,
        approval_rounds.campaign_key,
        tasks.task_name as item_name,
        approval_rounds.owner_name,
        approval_rounds.requested_at as happened_at,
        approval_rounds.sla_due_at as due_at,
        cast(null as timestamp) as due_before_at,
        approval_rounds.approval_step as detail
    from approval_rounds
    inner join tasks on approval_rounds.approval_id = tasks.task_id
    where approval_rounds.is_latest_round and approval_rounds.is_blocked
    union all
    select
        'changed' as section,
        'milestone' as item_kind,
        milestones.milestone_id as item_id,
        plans_moved.planned_date_id as event_id,
        milestones.campaign_key,
        milestones.milestone_name as item_name,
        milestones.owner_name,
        plans_moved.set_at as happened_at,
        plans_moved.planned_at as due_at,
        plans_moved.planned_at_before as due_before_at,
        'due date' as detail
    from plans_moved
    inner join milestones on plans_moved.milestone_id = milestones.milestone_id
    where
        plans_moved.set_at >= {{ earliest_at }}
        and {{ reporting_day('plans_moved.planned_at') }} <> {{ reporting_day('plans_moved.planned_at_before') }}
    union all
    select
        'changed' as section,
        work.item_kind,
        work.task_id as item_id,
        {{ surrogate_key(['changes.tracker', 'changes.change_id', 'changes.field']) }} as event_id,
        work.campaign_key,
        work.task_name as item_name,
        work.owner_name,
        changes.changed_at as happened_at,
        changes.new_due_at as due_at,
        changes.old_due_at as due_before_at,
        'due date' as detail
    from changes
    inner join work on changes.task_id = work.task_id
    where {{ reporting_day('changes.new_due_at') }} <> {{ reporting_day('changes.old_due_at') }}
    union all
    select
        'next' as section,
        'milestone' as item_kind,
        milestones.milestone_id as item_id,
        milestones.milestone_id as event_id,
        milestones.campaign_key,
        milestones.milestone_name as item_name,
        milestones.owner_name,
        cast(null as timestamp) as happened_at,
        milestones.current_planned_at as due_at,
        cast(null as timestamp) as due_before_at,
        milestones.milestone_kind as detail
    from milestones
    inner join campaigns on milestones.campaign_key = campaigns.campaign_key
    where
        not milestones.is_done
        and milestones.current_planned_at is not null
        and coalesce(campaigns.cancelled_at > {{ as_of_at() }}, true)
    union all
    select
        'next' as section,
        item_kind,
        task_id as item_id,
        task_id as event_id,
        campaign_key,
        task_name as item_name,
        owner_name,
        cast(null as timestamp) as happened_at,
        due_at,
        cast(null as timestamp) as due_before_at,
        status_name as detail
    from work
    where not is_completed and due_at is not null and coalesce(canonical_status, '') <> 'cancelled'
),

final as (
    select
        {{ surrogate_key(['section', 'item_kind', 'event_id']) }} as agenda_item_id,
        section,
        item_kind,
        item_id,
        campaign_key,
        {{ masked('item_name') }} as item_name,
        coalesce(owner_name, 'Unassigned') as owner_name,
        happened_at,
        due_at,
        due_before_at,
        section in ('blocked', 'next') and coalesce(due_at < {{ as_of_at() }}, false) as is_overdue,
        {{ masked('detail') }} as detail
    from unioned
    where
        section = 'blocked'
        or (
            section = 'next'
            and {{ reporting_day('due_at') }}
            <= {{ add_days(reporting_day(as_of_at()), var('agenda_next_days')) }}
        )
        or (
            happened_at between {{ earliest_at }}
            and {{ as_of_at() }}
            and {{ reporting_day('happened_at') }}
            >= {{ add_days(reporting_day(as_of_at()), -var('agenda_past_days')) }}
        )
)

select * from final
