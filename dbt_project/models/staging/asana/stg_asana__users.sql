with users as (
    select * from {{ source('current_asana', 'users') }}
),

final as (
    select
        trim(id) as user_id,
        {{ clean_text('name') }} as user_name,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from users
)

select * from final
