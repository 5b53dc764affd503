-- Every delivery is kept: a board tells its newest 1,000 actions, and the earlier ones still happened.
with boards as (
    select * from {{ source('current_trello', 'boards') }}
),

final as (
    select
        trim(id) as board_id,
        {{ clean_text('name') }} as board_name,
        {{ parse_boolean('closed') }} as is_archived,
        cards,
        lists,
        members,
        actions,
        _is_latest_delivery as is_latest_delivery,
        {{ utc_time('date_last_activity') }} as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from boards
)

select * from final
