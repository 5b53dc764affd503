with stories_csv as (
    select * from {{ source('current_asana', 'stories_csv') }}
),

final as (
    select
        trim(id) as story_id,
        trim(target_id) as task_id,
        {{ clean_text('text') }} as story_text,
        {{ utc_time('created_at') }} as changed_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from stories_csv
    where {{ parse_boolean('fivetran_deleted') }} is not true
)

select * from final
