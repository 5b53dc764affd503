{{ config(materialized='view') }}
-- Which tasks were planned for a sprint, from when to when. A board with sprints of its own says so
-- itself; elsewhere a task is planned for the sprint in which it is due, as its due date then was.
with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
    where coalesce(task_subtype <> 'section', true) and created_at is not null
),

changes as (
    select * from {{ ref('int_task_changes_unioned') }}
    where field in ('due_date', 'sprint')
),

sprints as (
    select * from {{ ref('int_sprints_dated') }}
),

calendars as (
    select
        task_id,
        min(case when sprint_calendar = 'company' then 1 else 0 end) = 1 as is_planned_by_day
    from {{ ref('int_task_calendars') }}
    group by task_id
),

placed as (
    select
        tasks.task_id,
        tasks.tracker,
        tasks.created_at,
        tasks.due_at,
        calendars.is_planned_by_day
    from tasks
    inner join calendars on tasks.task_id = calendars.task_id
),

moves as (
    select
        placed.task_id,
        placed.tracker,
        placed.is_planned_by_day,
        placed.created_at,
        changes.old_value,
        changes.new_value,
        changes.old_due_at,
        changes.new_due_at,
        changes.changed_at,
        row_number() over (partition by placed.task_id order by changes.changed_at, changes.change_id) as move_no,
        lead(changes.changed_at) over (
            partition by placed.task_id order by changes.changed_at, changes.change_id
        ) as next_changed_at
    from placed
    inner join changes
        on
            placed.task_id = changes.task_id
            and changes.field = case when placed.is_planned_by_day then 'due_date' else 'sprint' end
),

-- Before its first change a plan was what that change says was there.
plans as (
    select
        placed.task_id,
        placed.tracker,
        placed.is_planned_by_day,
        cast(null as {{ dbt.type_string() }}) as sprint_ids,
        placed.due_at,
        placed.created_at as from_at,
        cast(null as timestamp) as to_at
    from placed
    left join moves on placed.task_id = moves.task_id
    where moves.task_id is null
    union all
    select
        task_id,
        tracker,
        is_planned_by_day,
        old_value as sprint_ids,
        old_due_at as due_at,
        created_at as from_at,
        changed_at as to_at
    from moves
    where move_no = 1
    union all
    select
        task_id,
        tracker,
        is_planned_by_day,
        new_value as sprint_ids,
        new_due_at as due_at,
        changed_at as from_at,
        next_changed_at as to_at
    from moves
),

-- Plans are many and due dates few: each finds its sprints once.
due_dates as (
    select distinct due_at
    from plans
    where is_planned_by_day
),

due_sprints as (
    select
        due_dates.due_at,
        sprints.sprint_key,
        sprints.starts_at,
        sprints.ends_at
    from due_dates
    inner join sprints on due_dates.due_at >= sprints.starts_at and due_dates.due_at < sprints.ends_at
    where sprints.sprint_calendar = 'company'
),

in_sprints as (
    select
        task_id,
        tracker,
        {{ split_rows('sprint_ids', ',') }} as sprint_id,
        from_at,
        to_at
    from plans
    where is_planned_by_day is false
),

-- By the due date or by number: each for itself, so that no plan is compared with every sprint.
placed_plans as (
    select
        plans.task_id,
        due_sprints.sprint_key,
        due_sprints.starts_at,
        due_sprints.ends_at,
        plans.from_at,
        plans.to_at
    from plans
    inner join due_sprints on plans.due_at = due_sprints.due_at
    where plans.is_planned_by_day
    union all
    select
        in_sprints.task_id,
        sprints.sprint_key,
        sprints.starts_at,
        sprints.ends_at,
        in_sprints.from_at,
        in_sprints.to_at
    from in_sprints
    inner join sprints on in_sprints.tracker = sprints.tracker and in_sprints.sprint_id = sprints.sprint_id
),

-- Planned only before it began, or only after it had ended, a task was never in it.
planned as (
    select * from placed_plans
    where coalesce(to_at > starts_at, true) and from_at < ends_at
),

final as (
    select
        task_id,
        sprint_key,
        max(case when from_at <= starts_at then 1 else 0 end) = 1 as is_planned_at_start,
        max(case when coalesce(to_at >= ends_at, true) then 1 else 0 end) = 1 as is_planned_at_end,
        min(from_at) as first_planned_at
    from planned
    group by task_id, sprint_key
)

select * from final
