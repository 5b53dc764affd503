-- What the change logs tell; where the task itself disagrees with the last change, or there is none,
-- the task adds the missing one. A round ends when the approval is pending again.
with changes as (
    select * from {{ ref('int_task_changes_unioned') }}
    where field = 'approval'
),

approvals as (
    select * from {{ ref('int_approvals_classified') }}
),

told as (
    select
        changes.change_id as event_id,
        changes.task_id as approval_id,
        changes.old_value as old_status,
        changes.new_value as new_status,
        true as is_time_known,
        changes.changed_by,
        changes.changed_at
    from changes
    inner join approvals on changes.task_id = approvals.approval_id
    where changes.old_value is null or changes.old_value <> changes.new_value
),

last_told as (
    select
        approval_id,
        new_status,
        changed_at
    from told
    qualify row_number() over (partition by approval_id order by changed_at desc, event_id desc) = 1
),

compared as (
    select
        approvals.*,
        last_told.new_status as last_status,
        last_told.changed_at as last_changed_at,
        -- A completion before the last change is that of an earlier round.
        coalesce(approvals.completed_at >= coalesce(last_told.changed_at, approvals.completed_at), false)
            as is_completion_new
    from approvals
    left join last_told on approvals.approval_id = last_told.approval_id
    where approvals.approval_status <> coalesce(last_told.new_status, 'pending')
),

events as (
    select * from told
    union all
    select
        concat('task:', approval_id) as event_id,
        approval_id,
        last_status as old_status,
        approval_status as new_status,
        is_completion_new as is_time_known,
        cast(null as {{ dbt.type_string() }}) as changed_by,
        case
            when is_completion_new then completed_at
            else coalesce(greatest(source_updated_at, last_changed_at), created_at)
        end as changed_at
    from compared
),

ordered as (
    select
        *,
        coalesce(
            old_status, lag(new_status) over (partition by approval_id order by changed_at, event_id)
        ) as status_before,
        row_number() over (partition by approval_id order by changed_at, event_id) as event_no
    from events
),

marked as (
    select
        *,
        new_status = 'pending' and coalesce(status_before, 'pending') <> 'pending' as is_reopening
    from ordered
),

final as (
    select
        event_id,
        approval_id,
        cast(event_no as bigint) as event_no,
        cast(1 + sum(case when is_reopening then 1 else 0 end) over (
            partition by approval_id
            order by event_no
            rows between unbounded preceding and current row
        ) as bigint) as round_no,
        status_before,
        new_status,
        is_reopening,
        is_time_known,
        changed_by,
        changed_at
    from marked
)

select * from final
