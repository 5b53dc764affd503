-- Every date that a milestone was ever planned for: what the task was made with, what its
-- changes say, what the task says now if no change tells of it, and for the launch what approved briefs say.
with milestones as (
    select * from {{ ref('int_milestones_defined') }}
),

-- Most tasks are no milestone's: what is planned for them is not put in order.
milestone_tasks as (
    select distinct task_id
    from milestones
    where task_id is not null
),

tasks as (
    select tasks.*
    from {{ ref('int_tasks_unioned') }} as tasks
    inner join milestone_tasks on tasks.task_id = milestone_tasks.task_id
),

changes as (
    select changes.*
    from {{ ref('int_task_changes_unioned') }} as changes
    inner join milestone_tasks on changes.task_id = milestone_tasks.task_id
    where changes.field = 'due_date'
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
    where approved_at is not null and planned_launch_date is not null
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

moves as (
    select
        task_id,
        change_id,
        old_due_at as old_planned_at,
        new_due_at as new_planned_at,
        changed_at,
        row_number() over (partition by task_id order by changed_at, change_id) as move_no,
        row_number() over (partition by task_id order by changed_at desc, change_id desc) as move_no_from_last
    from changes
),

told as (
    select
        tasks.task_id,
        'made' as plan_source,
        case when moves.task_id is null then tasks.due_at else moves.old_planned_at end as planned_at,
        tasks.created_at as set_at
    from tasks
    left join moves on tasks.task_id = moves.task_id and moves.move_no = 1
    union all
    select
        task_id,
        concat('story ', change_id) as plan_source,
        new_planned_at as planned_at,
        changed_at as set_at
    from moves
    union all
    select
        tasks.task_id,
        'task' as plan_source,
        tasks.due_at as planned_at,
        greatest(tasks.source_updated_at, moves.changed_at) as set_at
    from tasks
    inner join moves on tasks.task_id = moves.task_id and moves.move_no_from_last = 1
    where tasks.due_at is distinct from moves.new_planned_at
),

planned as (
    select
        milestones.milestone_id,
        told.plan_source,
        told.planned_at,
        told.set_at
    from milestones
    inner join told on milestones.task_id = told.task_id
    union all
    select
        milestones.milestone_id,
        concat('brief ', briefs.brief_version_id) as plan_source,
        business_days.closes_at as planned_at,
        briefs.approved_at as set_at
    from milestones
    inner join briefs on milestones.campaign_key = briefs.campaign_key
    inner join business_days on briefs.planned_launch_date = business_days.calendar_date
    where milestones.evidence_event = 'first_live_evidence'
),

final as (
    select
        {{ surrogate_key(['milestone_id', 'plan_source']) }} as planned_date_id,
        milestone_id,
        plan_source,
        row_number() over (partition by milestone_id order by set_at nulls first, plan_source) as plan_no,
        planned_at,
        set_at
    from planned
)

select * from final
