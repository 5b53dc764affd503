-- One row per change of an approval's status, from its stories; where the task's own status
-- disagrees with the last story (or there is none), the task adds the missing change.
with stories as (
    select * from {{ ref('stg_asana__stories') }}
    -- Other stories (comments, due dates, sections) say nothing about a decision.
    where new_approval_status is not null
),

approvals as (
    select * from {{ ref('int_approvals_classified') }}
),

told as (
    select
        stories.story_id as event_id,
        stories.task_id as approval_id,
        stories.created_at as changed_at,
        stories.old_approval_status as old_status,
        stories.new_approval_status as new_status,
        'story' as date_source
    from stories
    inner join approvals
        on stories.task_id = approvals.approval_id
    where stories.old_approval_status is null
        or stories.old_approval_status <> stories.new_approval_status
),

last_told as (
    select
        approval_id,
        new_status,
        changed_at
    from told
    qualify row_number() over (
        partition by approval_id
        order by changed_at desc, event_id desc
    ) = 1
),

untold as (
    select
        concat('task:', approvals.approval_id) as event_id,
        approvals.approval_id,
        case
            when
                approvals.completed_at is not null
                and approvals.completed_at >= coalesce(last_told.changed_at, approvals.completed_at)
                then approvals.completed_at
            else coalesce(approvals.modified_at, last_told.changed_at, approvals.created_at)
        end as changed_at,
        last_told.new_status as old_status,
        approvals.approval_status as new_status,
        case
            when
                approvals.completed_at is not null
                and approvals.completed_at >= coalesce(last_told.changed_at, approvals.completed_at)
                then 'task_completed_at'
            else 'unknown'
        end as date_source
    from approvals
    left join last_told
        on approvals.approval_id = last_told.approval_id
    where approvals.approval_status <> coalesce(last_told.new_status, 'pending')
),

final as (
    select * from told
    union all
    select * from untold
)

select * from final
