-- Excel turns a number of 16 digits into 1.21143E+15, the same for many tasks: such a task is known
-- by its title, its day of making and its projects.
with tasks_csv as (
    select
        *,
        coalesce({{ matches('task_id', "'[0-9][eE][+][0-9]+$'") }}, false) as is_id_damaged
    from {{ source('current_asana', 'tasks_csv') }}
),

final as (
    select
        case
            when is_id_damaged then concat('damaged:', {{ surrogate_key(['name', 'created_at', 'projects']) }})
            else trim(task_id)
        end as task_id,
        {{ clean_text('parent_id') }} as parent_task_id,
        {{ clean_text('parent_task') }} as parent_task_name,
        {{ clean_text('name') }} as task_name,
        {{ clean_text('section') }} as section_name,
        {{ clean_text('assignee') }} as owner_name,
        {{ clean_text('assignee_id') }} as owner_id,
        {{ clean_text('projects') }} as project_names,
        {{ clean_text('tags') }} as tag_names,
        {{ clean_text('blocked_by') }} as blocked_by_names,
        {{ clean_text('blocking') }} as blocking_names,
        is_id_damaged,
        fivetran_synced is not null as is_from_connector,
        {{ parse_boolean('completed') }} as is_completed,
        {{ parse_day('created_at') }} as created_on,
        {{ parse_day('completed_at') }} as completed_on,
        {{ parse_day('last_modified') }} as modified_on,
        {{ parse_day('start_date') }} as start_on,
        {{ parse_day('due_date') }} as due_on,
        -- The CSV has days only; a connector knows the times.
        {{ utc_time('due_at') }} as due_at,
        case when fivetran_synced is not null then {{ utc_time('created_at') }} end as created_at,
        case when fivetran_synced is not null then {{ utc_time('completed_at') }} end as completed_at,
        case when fivetran_synced is not null then {{ utc_time('last_modified') }} end as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from tasks_csv
    where {{ parse_boolean('fivetran_deleted') }} is not true
)

select * from final
