with fields as (
    select * from {{ source('current_jira', 'fields') }}
),

final as (
    select
        trim(id) as field_id,
        {{ clean_text('name') }} as field_name,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from fields
)

select * from final
