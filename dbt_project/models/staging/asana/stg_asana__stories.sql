with stories as (
    select * from {{ source('current_asana', 'stories') }}
),

final as (
    select
        trim(gid) as story_id,
        {{ json_text('target', '$.gid') }} as task_id,
        {{ clean_text('resource_subtype') }} as story_subtype,
        {{ clean_text('old_approval_status') }} as old_approval_status,
        {{ clean_text('new_approval_status') }} as new_approval_status,
        {{ json_text('old_section', '$.name') }} as old_section,
        {{ json_text('new_section', '$.name') }} as new_section,
        {{ clean_text(json_text('assignee', '$.name')) }} as assignee_name,
        {{ json_text('dependency', '$.gid') }} as dependency_task_id,
        {{ clean_text(json_text('tag', '$.name')) }} as tag_name,
        {{ parse_day(json_text('old_dates', '$.due_on')) }} as old_due_on,
        {{ parse_day(json_text('new_dates', '$.due_on')) }} as new_due_on,
        {{ utc_time(json_text('old_dates', '$.due_at')) }} as old_due_at,
        {{ utc_time(json_text('new_dates', '$.due_at')) }} as new_due_at,
        old_dates is not null or new_dates is not null as is_due_date_change,
        {{ clean_text(json_text('created_by', '$.name')) }} as changed_by,
        {{ utc_time('created_at') }} as changed_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from stories
)

select * from final
