-- Every task that a tracker says is blocked, and every period of it, is in the blockers. What was called off
-- or put away waits for nobody, however it is tagged.
{{ config(meta={'dagster': {'ref': {'name': 'fct_blockers'}}}) }}
with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
    where
        (is_tagged_blocked or canonical_status = 'blocked')
        and is_completed is false
        and coalesce(canonical_status <> 'cancelled', true)
),

periods as (
    select * from {{ ref('int_blockers_unioned') }}
),

blockers as (
    select * from {{ ref('fct_blockers') }}
),

open_blockers as (
    select distinct task_id
    from blockers
    where is_open
),

expected as (
    select count(*) as period_count
    from periods
),

found as (
    select coalesce(sum(period_count), 0) as period_count
    from blockers
),

final as (
    select tasks.task_id
    from tasks
    left join open_blockers on tasks.task_id = open_blockers.task_id
    where open_blockers.task_id is null
    union all
    select 'periods' as task_id
    from expected
    cross join found
    where expected.period_count <> found.period_count
)

select * from final
