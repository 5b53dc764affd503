-- What a sprint took on when it began, what of it was delivered, and what came and went meanwhile (S1-33).
with task_sprints as (
    select * from {{ ref('int_task_sprints') }}
),

sprints as (
    select * from {{ ref('int_sprints_dated') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

judged as (
    select
        sprints.sprint_key,
        task_sprints.task_id,
        task_sprints.is_planned_at_start,
        -- Done at an unknown time: delivered, nobody knows by which sprint.
        coalesce(tasks.is_completed and tasks.completed_at < sprints.ends_at, false) as is_done,
        task_sprints.is_planned_at_end is false
        or (tasks.canonical_status = 'cancelled' and sprints.is_over) as is_taken_out,
        sprints.is_over
    from task_sprints
    inner join sprints on task_sprints.sprint_key = sprints.sprint_key
    inner join tasks on task_sprints.task_id = tasks.task_id
    -- What was done before the sprint began, or before it was planned for it, is no part of it.
    where
        coalesce(tasks.completed_at >= sprints.starts_at, true)
        and coalesce(tasks.completed_at >= task_sprints.first_planned_at, true)
),

counted as (
    select
        sprint_key,
        cast(sum(case when is_planned_at_start then 1 else 0 end) as bigint) as committed_count,
        cast(sum(case when is_planned_at_start and is_done then 1 else 0 end) as bigint) as delivered_count,
        cast(
            sum(case when is_planned_at_start and is_done is false and is_over then 1 else 0 end) as bigint
        ) as rolled_count,
        cast(sum(case when is_planned_at_start is false then 1 else 0 end) as bigint) as added_count,
        cast(
            sum(case when is_planned_at_start and is_done is false and is_taken_out then 1 else 0 end) as bigint
        ) as removed_count
    from judged
    group by sprint_key
),

final as (
    select
        counted.sprint_key,
        sprints.sprint_calendar,
        sprints.sprint_name,
        sprints.is_over,
        counted.committed_count,
        counted.delivered_count,
        case when sprints.is_over then counted.rolled_count end as rolled_count,
        counted.added_count,
        counted.removed_count,
        {{ ratio('counted.delivered_count', 'counted.committed_count') }} as delivery_rate,
        {{ ratio('(counted.added_count + counted.removed_count)', 'counted.committed_count') }} as scope_change_rate,
        counted.committed_count < {{ var('small_sample_size') }} as is_small_sample,
        sprints.starts_at,
        sprints.ends_at
    from counted
    inner join sprints on counted.sprint_key = sprints.sprint_key
)

select * from final
