-- Whose sprints count for a task: those of the boards on which it was planned for a sprint, else of those
-- on which others of its project were, else the company's.
with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

changes as (
    select
        task_id,
        tracker,
        old_value,
        new_value
    from {{ ref('int_task_changes_unioned') }}
    where field = 'sprint'
),

sprints as (
    select * from {{ ref('int_sprints_dated') }}
    where tracker is not null
),

named as (
    select
        task_id,
        tracker,
        {{ split_rows('new_value', ',') }} as sprint_id
    from changes
    union
    select
        task_id,
        tracker,
        {{ split_rows('old_value', ',') }} as sprint_id
    from changes
),

own as (
    select distinct
        named.task_id,
        sprints.sprint_calendar
    from named
    inner join sprints on named.tracker = sprints.tracker and named.sprint_id = sprints.sprint_id
),

of_projects as (
    select distinct
        tasks.tracker,
        coalesce(tasks.project_key, tasks.project_name) as project,
        own.sprint_calendar
    from own
    inner join tasks on own.task_id = tasks.task_id
),

final as (
    select
        tasks.task_id,
        coalesce(own.sprint_calendar, of_projects.sprint_calendar, 'company') as sprint_calendar
    from tasks
    left join own on tasks.task_id = own.task_id
    left join of_projects
        on
            own.task_id is null
            and tasks.tracker = of_projects.tracker
            and coalesce(tasks.project_key, tasks.project_name) = of_projects.project
)

select * from final
