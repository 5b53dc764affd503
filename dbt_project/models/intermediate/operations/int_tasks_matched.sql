-- One row per task that belongs to a campaign: by the tracker project's name. A name that several
-- campaigns carry goes to the one valid on the task's due (or creation) date, else to the nearest.
with work_tasks as (
    select * from {{ ref('int_work_tasks') }}
),

task_projects as (
    select * from {{ ref('int_task_projects') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

dated as (
    select
        task_projects.task_id,
        task_projects.project_position,
        task_projects.project_key,
        cast(coalesce(work_tasks.due_at, work_tasks.created_at) as date) as due_on
    from task_projects
    inner join work_tasks
        on task_projects.task_id = work_tasks.task_id
),

final as (
    select
        dated.task_id,
        campaigns.campaign_key
    from dated
    inner join campaigns
        on dated.project_key = lower(trim(campaigns.work_project))
    qualify row_number() over (
        partition by dated.task_id
        order by
            case
                when
                    dated.due_on >= campaigns.valid_from_date
                    and dated.due_on <= coalesce(campaigns.valid_to_date, dated.due_on)
                    then 0
                else 1
            end,
            abs({{ days_between('dated.due_on', 'campaigns.valid_from_date') }}) nulls last,
            dated.project_position,
            campaigns.campaign_key
    ) = 1
)

select * from final
