with boards as (
    select * from {{ source('current_monday', 'boards') }}
),

final as (
    select
        trim(id) as board_id,
        {{ clean_text('name') }} as board_name,
        {{ clean_text('state') }} as board_state,
        board_columns,
        board_groups,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from boards
)

select * from final
