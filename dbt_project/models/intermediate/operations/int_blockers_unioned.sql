-- What the team writes down itself is a blocker of its own; a duplicate is its original (S1-22).
-- A task is blocked by another task that is not done, by a status or list of that meaning, or by a
-- flag or tag. What was never told is taken from the task, at an unknown time.
with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

dependencies as (
    select * from {{ ref('int_task_dependencies_paired') }}
),

blocker_log as (
    select
        *,
        concat('log:', coalesce(duplicate_of, blocker_id)) as task_id
    from {{ ref('stg_templates__blocker_log') }}
    where coalesce(opened_at <= {{ as_of_at() }}, true)
),

changes as (
    select * from {{ ref('int_task_changes_unioned') }}
    where field in ('status', 'section', 'blocked')
),

judged as (
    select
        *,
        coalesce(field = 'blocked' and new_value = 'true', false)
        or coalesce(field <> 'blocked' and new_canonical_status = 'blocked', false) as is_blocked
    from changes
),

-- Most tasks were never blocked: their changes are not put in order.
ever_blocked as (
    select distinct
        task_id,
        field
    from judged
    where is_blocked
),

sequenced as (
    select
        judged.*,
        lead(judged.changed_at) over (
            partition by judged.task_id, judged.field order by judged.changed_at, judged.change_id
        ) as next_changed_at
    from judged
    inner join ever_blocked on judged.task_id = ever_blocked.task_id and judged.field = ever_blocked.field
),

spans as (
    select
        task_id,
        case when field = 'blocked' then 'flag' else 'status' end as blocker_kind,
        cast(null as {{ dbt.type_string() }}) as blocking_task_id,
        case when field = 'blocked' then cast(null as {{ dbt.type_string() }}) else new_value end as reason,
        changed_at as opened_at,
        next_changed_at as ended_at
    from sequenced
    where is_blocked
),

-- A tracker that has no history of it still says that it is so.
untold as (
    select
        tasks.task_id,
        case when tasks.is_tagged_blocked then 'flag' else 'status' end as blocker_kind,
        cast(null as {{ dbt.type_string() }}) as blocking_task_id,
        coalesce(tasks.blocked_reason, case when tasks.is_tagged_blocked is false then tasks.status_name end) as reason,
        cast(null as timestamp) as opened_at,
        cast(null as timestamp) as ended_at
    from tasks
    left join spans on tasks.task_id = spans.task_id and spans.ended_at is null
    where
        (tasks.is_tagged_blocked or tasks.canonical_status = 'blocked')
        and tasks.is_completed is false
        and spans.task_id is null
),

waiting as (
    select
        dependencies.task_id,
        'dependency' as blocker_kind,
        dependencies.blocking_task_id,
        blocking.task_name as reason,
        coalesce(dependencies.added_at, greatest(tasks.created_at, blocking.created_at)) as opened_at,
        least(dependencies.removed_at, blocking.completed_at) as ended_at,
        -- Done at an unknown time: no longer open.
        coalesce(blocking.is_completed or blocking.canonical_status = 'cancelled', false)
        or dependencies.is_current is false as is_ended
    from dependencies
    inner join tasks on dependencies.task_id = tasks.task_id
    left join tasks as blocking on dependencies.blocking_task_id = blocking.task_id
),

unioned as (
    select
        *,
        ended_at is not null as is_ended
    from spans
    union all
    select
        *,
        false as is_ended
    from untold
    union all
    select *
    from waiting
    -- What was done before somebody could wait for it blocked nobody.
    where coalesce(ended_at > opened_at, true)
),

-- Opened again, the time before has ended, whether or not somebody wrote down when.
logged as (
    select
        task_id,
        blocker_id,
        row_number,
        file_id,
        title,
        opened_at,
        case when resolved_at <= {{ as_of_at() }} then resolved_at end as resolved_at,
        lead(opened_at) over (
            partition by blocker_id order by opened_at nulls first, file_id, row_number
        ) is not null as is_opened_again
    from blocker_log
),

final as (
    select
        {{ surrogate_key(['unioned.task_id', 'unioned.blocker_kind', 'unioned.blocking_task_id']) }} as blocker_id,
        tasks.tracker,
        unioned.task_id,
        unioned.blocker_kind,
        unioned.blocking_task_id,
        unioned.reason,
        unioned.is_ended is false
        and tasks.is_completed is false
        and coalesce(tasks.canonical_status <> 'cancelled', true) as is_open,
        tasks.source_timezone,
        unioned.opened_at,
        -- A task that is done is no longer blocked.
        least(unioned.ended_at, tasks.completed_at) as resolved_at
    from unioned
    inner join tasks on unioned.task_id = tasks.task_id
    union all
    select
        {{ surrogate_key(['task_id', "'log'", 'cast(null as ' ~ dbt.type_string() ~ ')']) }} as blocker_id,
        'blocker_log' as tracker,
        task_id,
        'log' as blocker_kind,
        cast(null as {{ dbt.type_string() }}) as blocking_task_id,
        {{ masked('title') }} as reason,
        resolved_at is null and is_opened_again is false as is_open,
        'UTC' as source_timezone,
        opened_at,
        resolved_at
    from logged
)

select * from final
