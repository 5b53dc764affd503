with projects as (
    select * from {{ source('current_jira', 'projects') }}
),

final as (
    select
        trim(id) as project_id,
        {{ clean_text('name') }} as project_name,
        {{ clean_text('key') }} as project_key,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from projects
)

select * from final
