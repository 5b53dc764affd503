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
        tasks.tracker,
        tasks.is_tagged_blocked,
        -- A tracker without a verdict knows that an approval was completed, not how it was decided.
        coalesce(
            tasks.approval_status, case when tasks.is_completed then 'unknown' else 'pending' end
        ) as approval_status,
        -- A workbook tells no time of making: asked for at the latest when it last changed.
        coalesce(tasks.created_at, tasks.source_updated_at, {{ as_of_at() }}) as created_at,
        tasks.completed_at,
        tasks.source_updated_at
    from tasks
    left join tasks_matched on tasks.task_id = tasks_matched.task_id
    left join approval_steps on tasks.task_name_key = approval_steps.approval_name
    where
        tasks.task_subtype = 'approval'
        -- Elsewhere an approval is a status of the task, or a field of it.
        or tasks.approval_status is not null
        -- Only Asana's API has a subtype for it: else an approval is known by its title, too.
        or ((tasks.task_subtype is null or tasks.tracker <> 'asana') and approval_steps.approval_name is not null)
)

select * from final
