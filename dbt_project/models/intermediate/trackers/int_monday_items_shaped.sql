{{ config(materialized='view') }}
-- Items of the API, their columns read by what tracker_fields says of their titles or ids, and those
-- that only a board's workbook has.
with items as (
    select * from {{ ref('stg_monday__items') }}
),

boards as (
    select * from {{ ref('stg_monday__boards') }}
),

board_items as (
    select * from {{ ref('stg_monday__board_items') }}
),

column_values as (
    select * from {{ ref('int_monday_column_values_named') }}
),

board_groups as (
    select
        board_id,
        {{ json_objects('board_groups') }} as board_group
    from boards
),

-- Of two columns that mean the same the first by its id counts.
valued as (
    select
        item_id,
        min(case when field = 'status' then value_text end) as status_name,
        min(case when field = 'approval' then value_text end) as approval_label,
        min(case when field = 'assignee' then value_text end) as owner_name,
        min(case when field = 'tags' then value_text end) as tag_names,
        min(case when field = 'due_date' then due_on end) as due_on
    from column_values
    where field_no = 1
    group by item_id
),

unioned as (
    select
        items.item_id,
        items.parent_item_id,
        cast(null as {{ dbt.type_string() }}) as parent_name,
        items.item_name,
        coalesce(items.board_name, boards.board_name) as board_name,
        coalesce(items.group_name, {{ json_text('board_groups.board_group', '$.title') }}) as group_name,
        valued.status_name,
        valued.approval_label,
        valued.owner_name,
        valued.tag_names,
        -- With its group or its board an item is put away, too.
        coalesce(items.item_state in ('archived', 'deleted'), false)
        or coalesce(boards.board_state in ('archived', 'deleted'), false)
        or coalesce({{ parse_boolean(json_text('board_groups.board_group', '$.archived')) }}, false) as is_put_away,
        'UTC' as source_timezone,
        valued.due_on,
        items.created_at,
        items.source_updated_at,
        items.file_id,
        items.row_number
    from items
    left join boards on items.board_id = boards.board_id
    left join board_groups
        on
            items.board_id = board_groups.board_id
            and items.group_id = {{ json_text('board_groups.board_group', '$.id') }}
    left join valued on items.item_id = valued.item_id
    union all
    select
        board_items.item_id,
        cast(null as {{ dbt.type_string() }}) as parent_item_id,
        board_items.parent_name,
        board_items.item_name,
        board_items.board_name,
        board_items.group_name,
        board_items.status_name,
        board_items.approval_label,
        board_items.owner_name,
        board_items.tag_names,
        false as is_put_away,
        board_items.source_timezone,
        board_items.due_on,
        cast(null as timestamp) as created_at,
        board_items.source_updated_at,
        board_items.file_id,
        board_items.row_number
    from board_items
    left join items on board_items.item_id = items.item_id
    -- The API knows times: the workbook's line of the same item adds nothing to it.
    where items.item_id is null
),

final as (
    select
        concat('monday:', item_id) as task_id,
        case when parent_item_id is not null then concat('monday:', parent_item_id) end as parent_task_id,
        parent_name as parent_task_name,
        item_name as task_name,
        board_name as project_name,
        group_name as section_name,
        status_name,
        approval_label,
        owner_name,
        coalesce(concat(',', replace(lower(tag_names), ', ', ','), ',') like '%,blocked,%', false) as is_tagged_blocked,
        is_put_away,
        source_timezone,
        due_on,
        created_at,
        source_updated_at,
        file_id,
        row_number
    from unioned
    where item_id is not null
)

select * from final
