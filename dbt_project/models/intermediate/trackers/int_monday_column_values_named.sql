{{ config(materialized='view') }}
-- A column is known by its id; its title is in the board. The title counts before the id.
with items as (
    select * from {{ ref('stg_monday__items') }}
),

boards as (
    select * from {{ ref('stg_monday__boards') }}
),

tracker_fields as (
    select * from {{ ref('tracker_fields') }}
    where source_system = 'monday'
),

board_columns as (
    select
        board_id,
        {{ json_objects('board_columns') }} as board_column
    from boards
),

column_titles as (
    select
        board_id,
        {{ json_text('board_column', '$.id') }} as column_id,
        lower({{ json_text('board_column', '$.title') }}) as column_title
    from board_columns
),

listed as (
    select
        item_id,
        board_id,
        {{ json_objects('column_values') }} as column_value
    from items
),

read as (
    select
        item_id,
        board_id,
        {{ json_text('column_value', '$.id') }} as column_id,
        {{ clean_text(json_text('column_value', '$.text')) }} as value_text,
        {{ json_text('column_value', '$.value') }} as value_json
    from listed
),

final as (
    select
        {{ surrogate_key(['read.item_id', 'read.column_id']) }} as column_value_id,
        read.item_id,
        read.column_id,
        coalesce(by_title.task_field, by_id.task_field) as field,
        row_number() over (
            partition by read.item_id, coalesce(by_title.task_field, by_id.task_field)
            order by case when read.value_text is null then 1 else 0 end, read.column_id
        ) as field_no,
        read.value_text,
        -- A date column has a date, a timeline its last day.
        try_cast(coalesce(
            {{ json_text('read.value_json', '$.date') }},
            {{ json_text('read.value_json', '$.to') }}
        ) as date) as due_on,
        {{ utc_time(json_text('read.value_json', '$.changed_at')) }} as changed_at
    from read
    left join column_titles on read.board_id = column_titles.board_id and read.column_id = column_titles.column_id
    left join tracker_fields as by_title on column_titles.column_title = by_title.source_field
    left join tracker_fields as by_id on lower(read.column_id) = by_id.source_field
    where coalesce(by_title.task_field, by_id.task_field) is not null
)

select * from final
