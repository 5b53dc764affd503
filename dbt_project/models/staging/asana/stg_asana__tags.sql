with tags as (
    select * from {{ source('current_asana', 'tags') }}
),

final as (
    select
        trim(id) as tag_id,
        {{ clean_text('name') }} as tag_name,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from tags
)

select * from final
