with sprints as (
    select * from {{ source('current_jira', 'sprints') }}
),

final as (
    select
        trim(id) as sprint_id,
        {{ clean_text('name') }} as sprint_name,
        trim(board_id) as board_id,
        {{ utc_time('start_date') }} as started_at,
        {{ utc_time('end_date') }} as planned_end_at,
        {{ utc_time('complete_date') }} as closed_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from sprints
)

select * from final
