with users as (
    select * from {{ source('current_salesforce', 'users') }}
),

final as (
    select
        {{ salesforce_id('id') }} as owner_id,
        coalesce(
            {{ clean_text('name') }},
            nullif(trim(concat(coalesce(first_name, ''), ' ', coalesce(last_name, ''))), '')
        ) as owner_name,
        {{ parse_boolean('is_active') }} as is_active,
        {{ clean_text('time_zone_sid_key') }} as time_zone,
        {{ utc_time('created_date') }} as created_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from users
)

select * from final
