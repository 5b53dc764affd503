with persons as (
    select * from {{ source('raw_klaviyo', 'persons') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    qualify {{ is_current(['id'], 'row') }}
),

final as (
    select
        trim(id) as member_id,
        lower({{ clean_text('email') }}) as email,
        cast(null as {{ dbt.type_string() }}) as list_id,
        cast(null as {{ dbt.type_string() }}) as subscription_status,
        cast(null as timestamp) as status_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from persons
)

select * from final
