with projects as (
    select * from {{ source('current_asana', 'projects') }}
),

final as (
    select
        trim(id) as project_id,
        {{ clean_text('name') }} as project_name,
        {{ parse_boolean('archived') }} as is_archived,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from projects
)

select * from final
