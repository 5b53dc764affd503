with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

approval_steps as (
    select * from {{ ref('approval_steps') }}
),

final as (
    select
        tasks.task_id as approval_id,
        tasks_matched.campaign_key,
        coalesce(approval_steps.approval_step, 'other') as approval_step,
        coalesce(approval_steps.is_required_for_launch, false) as is_required_for_launch,
        coalesce(approval_steps.is_creative, false) as is_creative,
        coalesce(tasks.owner_name, 'Unassigned') as owner_name,
        tasks.is_tagged_blocked,
        -- The CSV knows that an approval was completed, not how it was decided.
        coalesce(
            tasks.approval_status, case when tasks.is_completed then 'unknown' else 'pending' end
        ) as approval_status,
        tasks.created_at,
        tasks.completed_at,
        tasks.source_updated_at
    from tasks
    left join tasks_matched on tasks.task_id = tasks_matched.task_id
    left join approval_steps on tasks.task_name_key = approval_steps.approval_name
    where
        tasks.task_subtype = 'approval'
        -- The CSV has no subtype: there an approval is known by its title.
        or (tasks.task_subtype is null and approval_steps.approval_name is not null)
)

select * from final
