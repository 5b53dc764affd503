with tasks_csv as (
    select * from {{ source('raw_asana', 'tasks_csv') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    qualify {{ is_current(['task_id'], 'row') }}
),

final as (
    select
        trim(task_id) as task_id,
        {{ clean_text('parent_task') }} as parent_task_name,
        {{ clean_text('name') }} as task_name,
        {{ clean_text('section') }} as section_name,
        {{ clean_text('assignee') }} as owner_name,
        {{ clean_text('projects') }} as project_names,
        {{ clean_text('tags') }} as tag_names,
        try_cast(created_at as date) as created_on,
        try_cast(completed_at as date) as completed_on,
        try_cast(last_modified as date) as modified_on,
        try_cast(start_date as date) as start_on,
        try_cast(due_date as date) as due_on,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from tasks_csv
)

select * from final
