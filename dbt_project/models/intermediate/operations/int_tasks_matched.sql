-- A task belongs to the campaign that names its project; a task without a project of its own goes
-- with the task above it. Of several campaigns the one valid on the task's date counts.
with api_tasks as (
    select * from {{ ref('stg_asana__tasks') }}
),

tasks_csv as (
    select * from {{ ref('stg_asana__tasks_csv') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

listed as (
    select
        task_id,
        {{ json_objects('projects') }} as project
    from api_tasks
),

placed as (
    select
        task_id,
        {{ json_objects('memberships') }} as membership
    from api_tasks
),

printed as (
    select
        task_id,
        {{ split_rows('project_names', ',') }} as project_name
    from tasks_csv
),

own as (
    select
        task_id,
        {{ json_text('project', '$.name') }} as project_name
    from listed
    union
    select
        task_id,
        {{ json_text('membership', '$.project.name') }} as project_name
    from placed
    union
    select
        task_id,
        project_name
    from printed
),

inherited as (
    select
        task_id,
        project_name,
        0 as distance
    from own
    union all
    select
        api_tasks.task_id,
        own.project_name,
        1 as distance
    from api_tasks
    inner join own on api_tasks.parent_task_id = own.task_id
),

final as (
    select
        tasks.task_id,
        campaigns.campaign_key
    from tasks
    inner join inherited on tasks.task_id = inherited.task_id
    inner join campaigns on lower(trim(inherited.project_name)) = lower(campaigns.work_project)
    qualify row_number() over (
        partition by tasks.task_id
        order by
            inherited.distance,
            {{ campaign_distance(reporting_day('coalesce(tasks.due_at, tasks.created_at)'), 'campaigns') }},
            campaigns.campaign_key
    ) = 1
)

select * from final
