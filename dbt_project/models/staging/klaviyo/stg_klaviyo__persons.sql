with persons as (
    select * from {{ source('current_klaviyo', 'persons') }}
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
