{{ config(materialized='view') }}
-- Tasks of the API, and those that only a project's CSV or a connector's table has.
with tasks as (
    select * from {{ ref('stg_asana__tasks') }}
),

tasks_csv as (
    select * from {{ ref('stg_asana__tasks_csv') }}
),

task_relations as (
    select * from {{ ref('stg_asana__task_relations') }}
),

sections as (
    select * from {{ ref('stg_asana__sections') }}
),

tags as (
    select * from {{ ref('stg_asana__tags') }}
),

users as (
    select * from {{ ref('stg_asana__users') }}
),

related as (
    select
        task_relations.task_id,
        max(sections.section_name) as section_name,
        max(case when lower(tags.tag_name) = 'blocked' then 1 else 0 end) = 1 as is_tagged_blocked
    from task_relations
    left join sections on task_relations.section_id = sections.section_id
    left join tags on task_relations.tag_id = tags.tag_id
    group by task_relations.task_id
),

projects as (
    select * from {{ ref('stg_asana__projects') }}
),

listed as (
    select
        task_id,
        {{ json_objects('projects') }} as project
    from tasks
),

task_projects as (
    select
        task_id,
        {{ json_text('project', '$.gid') }} as project_id,
        {{ parse_boolean(json_text('project', '$.archived')) }} as is_archived
    from listed
    union all
    select
        task_id,
        project_id,
        cast(null as boolean) as is_archived
    from task_relations
    where project_id is not null
),

-- A task is put away with the last of its projects.
put_away as (
    select
        task_projects.task_id,
        bool_and(coalesce(task_projects.is_archived, projects.is_archived, false)) as is_put_away
    from task_projects
    left join projects on task_projects.project_id = projects.project_id
    group by task_projects.task_id
),

unioned as (
    select
        task_id,
        parent_task_id,
        cast(null as {{ dbt.type_string() }}) as parent_task_name,
        task_name,
        task_subtype,
        {{ json_text('memberships', '$[0].section.name') }} as section_name,
        approval_status,
        owner_name,
        coalesce(is_completed, completed_at is not null) as is_completed,
        -- In JSON a tag is an object with its name.
        coalesce(lower(tags) like '%"blocked"%', false) as is_tagged_blocked,
        'time' as time_grain,
        due_on,
        cast(null as date) as created_on,
        cast(null as date) as completed_on,
        due_at,
        created_at,
        completed_at,
        source_updated_at,
        file_id,
        row_number
    from tasks
    union all
    select
        tasks_csv.task_id,
        tasks_csv.parent_task_id,
        tasks_csv.parent_task_name,
        tasks_csv.task_name,
        cast(null as {{ dbt.type_string() }}) as task_subtype,
        coalesce(tasks_csv.section_name, related.section_name) as section_name,
        cast(null as {{ dbt.type_string() }}) as approval_status,
        coalesce(tasks_csv.owner_name, users.user_name) as owner_name,
        coalesce(tasks_csv.is_completed, tasks_csv.completed_on is not null) as is_completed,
        coalesce(concat(',', replace(lower(tasks_csv.tag_names), ', ', ','), ',') like '%,blocked,%', false)
        or coalesce(related.is_tagged_blocked, false) as is_tagged_blocked,
        case when tasks_csv.is_from_connector then 'time' else 'day' end as time_grain,
        tasks_csv.due_on,
        tasks_csv.created_on,
        tasks_csv.completed_on,
        tasks_csv.due_at,
        tasks_csv.created_at,
        tasks_csv.completed_at,
        tasks_csv.source_updated_at,
        tasks_csv.file_id,
        tasks_csv.row_number
    from tasks_csv
    left join tasks on tasks_csv.task_id = tasks.task_id
    left join related on tasks_csv.task_id = related.task_id
    left join users on tasks_csv.owner_id = users.user_id
    -- The API knows times and approvals: the CSV line of the same task adds nothing to it.
    where tasks.task_id is null
),

final as (
    select
        unioned.*,
        coalesce(put_away.is_put_away, false) as is_put_away
    from unioned
    left join put_away on unioned.task_id = put_away.task_id
)

select * from final
