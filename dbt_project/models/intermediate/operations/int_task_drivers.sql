-- What drove each task: of those that it waits for, the one that is done last. What a system can see is
-- done when the system saw it, not when somebody ticked it; what is open is done now at the earliest.
with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
    where coalesce(task_subtype <> 'section', true)
),

dependencies as (
    select * from {{ ref('int_task_dependencies_paired') }}
    where is_current and blocking_task_id <> task_id
),

changes as (
    select * from {{ ref('int_task_changes_unioned') }}
    where field in ('status', 'section')
),

milestones as (
    select
        defined.task_id,
        judged.is_done,
        judged.actual_at
    from {{ ref('int_milestones_defined') }} as defined
    inner join {{ ref('int_milestones_judged') }} as judged on defined.milestone_id = judged.milestone_id
    where defined.task_id is not null
),

moved as (
    select
        task_id,
        min(case when new_canonical_status = 'in_progress' then changed_at end) as begun_at,
        min(case when new_canonical_status = 'completed' then changed_at end) as first_completed_at
    from changes
    group by task_id
),

timed as (
    select
        tasks.task_id,
        coalesce(tasks.canonical_status = 'cancelled', false) as is_cancelled,
        tasks.created_at,
        tasks.due_at,
        -- Taken up again is not begun: nobody said when that was.
        case
            when coalesce(moved.begun_at < moved.first_completed_at, moved.begun_at <= {{ as_of_at() }})
                then moved.begun_at
        end as started_at,
        coalesce(milestones.is_done, tasks.is_completed) as is_done,
        case when milestones.task_id is null then tasks.completed_at else milestones.actual_at end as finished_at
    from tasks
    left join moved on tasks.task_id = moved.task_id
    left join milestones on tasks.task_id = milestones.task_id
),

expected as (
    select
        *,
        case when is_done then finished_at else greatest(coalesce(due_at, {{ as_of_at() }}), {{ as_of_at() }}) end
            as expected_at
    from timed
),

-- Nobody waits for what was called off.
awaited as (
    select
        dependencies.task_id,
        dependencies.blocking_task_id,
        expected.task_id is not null as is_known,
        expected.expected_at,
        row_number() over (
            partition by dependencies.task_id
            order by
                case when expected.task_id is null then 1 else 0 end asc,
                expected.expected_at desc nulls last,
                dependencies.blocking_task_id asc
        ) as predecessor_no
    from dependencies
    left join expected on dependencies.blocking_task_id = expected.task_id
    where coalesce(expected.is_cancelled, false) is false
),

driven as (
    select
        task_id,
        max(case when predecessor_no = 1 and is_known then blocking_task_id end) as driving_task_id,
        max(case when predecessor_no = 1 then expected_at end) as driver_expected_at,
        max(case when predecessor_no = 2 then expected_at end) as next_expected_at,
        cast(sum(case when is_known then 1 else 0 end) as bigint) as predecessor_count,
        cast(sum(case when is_known then 0 else 1 end) as bigint) as unknown_predecessor_count
    from awaited
    group by task_id
),

final as (
    select
        expected.task_id,
        expected.is_done,
        expected.created_at,
        expected.due_at,
        expected.started_at,
        expected.finished_at,
        expected.expected_at,
        driven.driving_task_id,
        coalesce(driven.predecessor_count, cast(0 as bigint)) as predecessor_count,
        coalesce(driven.unknown_predecessor_count, cast(0 as bigint)) as unknown_predecessor_count,
        driven.driver_expected_at,
        driven.next_expected_at
    from expected
    left join driven on expected.task_id = driven.task_id
)

select * from final
