with sections as (
    select * from {{ source('current_asana', 'sections') }}
),

final as (
    select
        trim(id) as section_id,
        {{ clean_text('name') }} as section_name,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from sections
)

select * from final
