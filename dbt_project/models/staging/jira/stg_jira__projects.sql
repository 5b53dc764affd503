with projects as (
    select * from {{ source('raw_jira', 'projects') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    qualify {{ is_current(['id'], 'row') }}
),

final as (
    select
        trim(id) as project_id,
        {{ clean_text('name') }} as project_name,
        {{ clean_text('key') }} as project_key,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from projects
)

select * from final
