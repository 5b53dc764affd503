with task_relations as (
    select * from {{ source('current_asana', 'task_relations') }}
),

final as (
    select
        {{ surrogate_key(['task_id', 'project_id', 'section_id', 'tag_id', 'user_id']) }} as task_relation_id,
        trim(task_id) as task_id,
        {{ clean_text('project_id') }} as project_id,
        {{ clean_text('section_id') }} as section_id,
        {{ clean_text('tag_id') }} as tag_id,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from task_relations
)

select * from final
