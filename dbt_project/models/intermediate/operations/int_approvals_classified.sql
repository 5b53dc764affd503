with work_tasks as (
    select * from {{ ref('int_work_tasks') }}
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

approval_steps as (
    select * from {{ ref('approval_steps') }}
),

final as (
    select
        work_tasks.task_id as approval_id,
        tasks_matched.campaign_key,
        work_tasks.task_name as approval_name,
        coalesce(approval_steps.approval_step, 'other') as approval_step,
        coalesce(approval_steps.is_required_for_launch, false) as is_required_for_launch,
        coalesce(approval_steps.is_creative, false) as is_creative,
        work_tasks.owner_name,
        work_tasks.is_tagged_blocked,
        work_tasks.is_day_grain,
        -- The CSV knows that an approval was completed, not how it was decided.
        coalesce(
            work_tasks.approval_status,
            case when work_tasks.is_completed then 'unknown' else 'pending' end
        ) as approval_status,
        work_tasks.created_at,
        work_tasks.completed_at,
        work_tasks.modified_at
    from work_tasks
    left join tasks_matched
        on work_tasks.task_id = tasks_matched.task_id
    left join approval_steps
        on work_tasks.task_name_key = approval_steps.approval_name
    where
        work_tasks.task_subtype = 'approval'
        -- The CSV has no subtype: there an approval is known by its name.
        or (work_tasks.task_subtype is null and approval_steps.approval_name is not null)
)

select * from final
