-- Off one channel is off: who wrote it meant it. When is not told, at the latest at the last change.
with users as (
    select * from {{ source('current_iterable', 'users') }}
),

final as (
    select
        {{ clean_text('user_id') }} as member_id,
        lower({{ clean_text('email') }}) as email,
        cast(null as {{ dbt.type_string() }}) as list_id,
        case
            when unsubscribed_channel_ids <> '[]' then 'unsubscribed'
            when email_list_ids <> '[]' then 'subscribed'
        end as subscription_status,
        {{ utc_time('profile_updated_at') }} as status_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from users
)

select * from final
