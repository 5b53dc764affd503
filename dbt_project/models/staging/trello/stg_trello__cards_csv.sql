with cards_csv as (
    select * from {{ source('current_trello', 'cards_csv') }}
),

final as (
    select
        trim(card_id) as card_id,
        {{ clean_text('card_name') }} as card_name,
        {{ clean_text('board_name') }} as board_name,
        {{ clean_text('list_name') }} as list_name,
        {{ clean_text('members') }} as owner_name,
        {{ clean_text('labels') }} as label_names,
        {{ parse_boolean('due_complete') }} as is_due_complete,
        {{ parse_boolean('archived') }} as is_archived,
        {{ utc_time('due_date') }} as due_at,
        {{ utc_time('last_activity_date') }} as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from cards_csv
)

select * from final
