with unsubscribed_channels as (
    select * from {{ source('current_iterable', 'unsubscribed_channels') }}
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as member_id,
        lower({{ clean_text('email') }}) as email,
        {{ clean_text('channel_id') }} as list_id,
        'unsubscribed' as subscription_status,
        {{ utc_time('updated_at') }} as status_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from unsubscribed_channels
)

select * from final
