{{ config(materialized='view') }}
-- Cards of the newest export of each board, and those that only a CSV has.
with boards as (
    select * from {{ ref('stg_trello__boards') }}
    where is_latest_delivery
),

cards_csv as (
    select * from {{ ref('stg_trello__cards_csv') }}
),

listed as (
    select
        board_name,
        is_archived,
        file_id,
        row_number,
        {{ json_objects('cards') }} as card
    from boards
),

board_lists as (
    select {{ json_objects('lists') }} as board_list
    from boards
),

board_members as (
    select {{ json_objects('members') }} as member
    from boards
),

list_names as (
    select distinct
        {{ json_text('board_list', '$.id') }} as list_id,
        {{ json_text('board_list', '$.name') }} as list_name,
        {{ parse_boolean(json_text('board_list', '$.closed')) }} as is_archived
    from board_lists
),

member_names as (
    select
        {{ json_text('member', '$.id') }} as member_id,
        max({{ json_text('member', '$.fullName') }}) as member_name
    from board_members
    group by {{ json_text('member', '$.id') }}
),

cards as (
    select
        {{ json_text('listed.card', '$.id') }} as card_id,
        {{ clean_text(json_text('listed.card', '$.name')) }} as card_name,
        listed.board_name,
        list_names.list_name,
        member_names.member_name as owner_name,
        lower({{ json_text('listed.card', '$.labels') }}) as labels,
        {{ parse_boolean(json_text('listed.card', '$.dueComplete')) }} as is_due_complete,
        -- With its list or its board a card is put away, too.
        coalesce({{ parse_boolean(json_text('listed.card', '$.closed')) }}, false)
        or coalesce(list_names.is_archived, false)
        or coalesce(listed.is_archived, false) as is_put_away,
        {{ utc_time(json_text('listed.card', '$.due')) }} as due_at,
        {{ utc_time(json_text('listed.card', '$.dateLastActivity')) }} as source_updated_at,
        listed.file_id,
        listed.row_number
    from listed
    left join list_names on {{ json_text('listed.card', '$.idList') }} = list_names.list_id
    left join member_names on {{ json_text('listed.card', '$.idMembers[0]') }} = member_names.member_id
),

unioned as (
    select
        card_id,
        card_name,
        board_name,
        list_name,
        owner_name,
        coalesce(labels like '%"name":"blocked"%' or labels like '%"name": "blocked"%', false) as is_tagged_blocked,
        coalesce(labels like '%"name":"milestone"%' or labels like '%"name": "milestone"%', false) as is_milestone,
        is_due_complete,
        is_put_away,
        due_at,
        source_updated_at,
        file_id,
        row_number
    from cards
    union all
    select
        cards_csv.card_id,
        cards_csv.card_name,
        cards_csv.board_name,
        cards_csv.list_name,
        cards_csv.owner_name,
        -- A label is printed with its colour, as: Blocked (red).
        coalesce(concat(', ', lower(cards_csv.label_names)) like '%, blocked (%', false) as is_tagged_blocked,
        coalesce(concat(', ', lower(cards_csv.label_names)) like '%, milestone (%', false) as is_milestone,
        cards_csv.is_due_complete,
        coalesce(cards_csv.is_archived, false) as is_put_away,
        cards_csv.due_at,
        cards_csv.source_updated_at,
        cards_csv.file_id,
        cards_csv.row_number
    from cards_csv
    left join cards on cards_csv.card_id = cards.card_id
    -- The board knows the moves: the CSV line of the same card adds nothing to it.
    where cards.card_id is null
),

final as (
    select
        concat('trello:', card_id) as task_id,
        card_name as task_name,
        case when is_milestone then 'milestone' else 'default_task' end as task_subtype,
        board_name as project_name,
        list_name as section_name,
        owner_name,
        -- Not marked as done is no statement: the list may say it.
        case when is_due_complete then true end as is_completed,
        is_tagged_blocked,
        is_put_away,
        due_at,
        {{ object_id_time('card_id') }} as created_at,
        source_updated_at,
        file_id,
        row_number
    from unioned
    where card_id is not null
)

select * from final
