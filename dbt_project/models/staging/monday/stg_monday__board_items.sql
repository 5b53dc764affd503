with board_items as (
    select * from {{ source('current_monday', 'board_items') }}
),

timed as (
    select
        *,
        {{ printed_time(
            'trim(last_updated)',
            '([A-Za-z]{3})[a-z]* ([0-9]{1,2}), ([0-9]{4}) ([0-9]{1,2}):([0-9]{2}) ?([AaPp][Mm])?$',
            ['month', 'day', 'year', 'hour', 'minute', 'half']
        ) }} as updated_local
    from board_items
),

final as (
    select
        -- Subitems come without a number: their place names them.
        coalesce(
            {{ clean_text('item_id') }},
            {{ surrogate_key(['board_name', 'group_name', 'parent_name', 'name']) }}
        ) as item_id,
        {{ clean_text('parent_name') }} as parent_name,
        {{ clean_text('name') }} as item_name,
        {{ clean_text('board_name') }} as board_name,
        {{ clean_text('group_name') }} as group_name,
        {{ clean_text('status') }} as status_name,
        {{ clean_text('approval') }} as approval_label,
        coalesce({{ clean_text('owner') }}, {{ clean_text('person') }}) as owner_name,
        {{ clean_text('tags') }} as tag_names,
        {{ clean_text('dependency') }} as blocked_by_names,
        '{{ var("source_time_zones").monday }}' as source_timezone,
        {{ parse_day('timeline_start') }} as start_on,
        coalesce(
            {{ parse_day('due_date') }}, {{ parse_day('item_date') }}, {{ parse_day('timeline_end') }}
        ) as due_on,
        {{ to_utc('updated_local', "'" ~ var("source_time_zones").monday ~ "'") }} as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from timed
)

select * from final
