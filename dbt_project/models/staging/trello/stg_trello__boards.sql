-- Every delivery is kept: a board tells its newest 1,000 actions, and the earlier ones still happened.
with boards as (
    select
        *,
        {{ is_current(['id'], 'row') }} as is_latest_delivery
    from {{ source('raw_trello', 'boards') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
),

final as (
    select
        trim(id) as board_id,
        {{ clean_text('name') }} as board_name,
        cards,
        lists,
        members,
        actions,
        is_latest_delivery,
        {{ utc_time('date_last_activity') }} as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from boards
)

select * from final
