with stories_csv as (
    select * from {{ source('raw_asana', 'stories_csv') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    qualify {{ is_current(['id'], 'row') }}
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
