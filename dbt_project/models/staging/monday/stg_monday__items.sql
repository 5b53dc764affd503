with items as (
    select * from {{ source('current_monday', 'items') }}
),

final as (
    select
        trim(id) as item_id,
        {{ json_text('parent_item', '$.id') }} as parent_item_id,
        {{ clean_text('name') }} as item_name,
        {{ json_text('board', '$.id') }} as board_id,
        {{ clean_text(json_text('board', '$.name')) }} as board_name,
        {{ json_text('item_group', '$.id') }} as group_id,
        {{ clean_text(json_text('item_group', '$.title')) }} as group_name,
        column_values,
        {{ clean_text('state') }} as item_state,
        {{ utc_time('created_at') }} as created_at,
        {{ utc_time('updated_at') }} as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from items
)

select * from final
