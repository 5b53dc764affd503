with tasks as (
    select * from {{ source('current_asana', 'tasks') }}
),

final as (
    select
        trim(gid) as task_id,
        {{ json_text('parent', '$.gid') }} as parent_task_id,
        {{ clean_text('name') }} as task_name,
        {{ clean_text('resource_subtype') }} as task_subtype,
        {{ clean_text('approval_status') }} as approval_status,
        {{ clean_text(json_text('assignee', '$.name')) }} as owner_name,
        memberships,
        projects,
        tags,
        dependencies,
        {{ parse_boolean('completed') }} as is_completed,
        {{ parse_day('due_on') }} as due_on,
        {{ parse_day('start_on') }} as start_on,
        {{ utc_time('due_at') }} as due_at,
        {{ utc_time('created_at') }} as created_at,
        {{ utc_time('completed_at') }} as completed_at,
        {{ utc_time('modified_at') }} as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from tasks
)

select * from final
