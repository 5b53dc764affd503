-- Tasks of the API and of project CSVs, with dates without a time at the end of their business day.
with tasks as (
    select * from {{ ref('stg_asana__tasks') }}
),

tasks_csv as (
    select * from {{ ref('stg_asana__tasks_csv') }}
),

stories as (
    select * from {{ ref('stg_asana__stories') }}
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

inactive_owners as (
    select * from {{ ref('inactive_owners') }}
),

ticked as (
    select
        task_id,
        max(changed_at) as ticked_at
    from stories
    where story_subtype = 'marked_complete' and changed_at <= {{ as_of_at() }}
    group by task_id
),

unioned as (
    select
        tasks.task_id,
        tasks.task_name,
        tasks.task_subtype,
        tasks.approval_status,
        tasks.owner_name,
        coalesce(tasks.is_completed, tasks.completed_at is not null) as is_completed,
        -- In JSON a tag is an object with its name.
        coalesce(lower(tasks.tags) like '%"blocked"%', false) as is_tagged_blocked,
        tasks.due_on,
        cast(null as date) as created_on,
        cast(null as date) as completed_on,
        tasks.due_at,
        tasks.created_at,
        -- Done without a time: the change log knows it (V8).
        case when tasks.is_completed then coalesce(tasks.completed_at, ticked.ticked_at) end as completed_at,
        case
            when tasks.is_completed is false then null
            when tasks.completed_at is not null then 'task'
            when ticked.ticked_at is not null then 'story'
            when tasks.is_completed then 'unknown'
        end as completed_at_source,
        tasks.source_updated_at
    from tasks
    left join ticked on tasks.task_id = ticked.task_id
    union all
    select
        tasks_csv.task_id,
        tasks_csv.task_name,
        cast(null as {{ dbt.type_string() }}) as task_subtype,
        cast(null as {{ dbt.type_string() }}) as approval_status,
        tasks_csv.owner_name,
        tasks_csv.completed_on is not null as is_completed,
        coalesce(concat(',', replace(lower(tasks_csv.tag_names), ', ', ','), ',') like '%,blocked,%', false)
            as is_tagged_blocked,
        tasks_csv.due_on,
        tasks_csv.created_on,
        tasks_csv.completed_on,
        cast(null as timestamp) as due_at,
        cast(null as timestamp) as created_at,
        cast(null as timestamp) as completed_at,
        case when tasks_csv.completed_on is not null then 'task' end as completed_at_source,
        cast(null as timestamp) as source_updated_at
    from tasks_csv
    left join tasks on tasks_csv.task_id = tasks.task_id
    -- The API knows times and approvals: the CSV line of the same task adds nothing to it.
    where tasks.task_id is null
),

final as (
    select
        unioned.task_id,
        unioned.task_name,
        lower(trim(unioned.task_name)) as task_name_key,
        unioned.task_subtype,
        unioned.approval_status,
        case when inactive_owners.owner_name is null then unioned.owner_name end as owner_name,
        unioned.is_completed,
        unioned.is_tagged_blocked,
        unioned.completed_at_source,
        coalesce(unioned.due_at, due_days.closes_at) as due_at,
        coalesce(unioned.created_at, created_days.closes_at) as created_at,
        coalesce(unioned.completed_at, completed_days.closes_at) as completed_at,
        unioned.source_updated_at
    from unioned
    left join inactive_owners on lower(unioned.owner_name) = inactive_owners.owner_name
    left join business_days as due_days on unioned.due_on = due_days.calendar_date
    left join business_days as created_days on unioned.created_on = created_days.calendar_date
    left join business_days as completed_days on unioned.completed_on = completed_days.calendar_date
)

select * from final
