-- The export is a file each for subscribed, unsubscribed and cleaned addresses: the columns that a file
-- has say which it is, else its name.
with audience_members as (
    select * from {{ source('current_mailchimp', 'audience_members') }}
),

final as (
    select
        md5(lower({{ clean_text('email_address') }})) as member_id,
        lower({{ clean_text('email_address') }}) as email,
        cast(null as {{ dbt.type_string() }}) as list_id,
        case
            when {{ clean_text('clean_time') }} is not null then 'cleaned'
            when {{ clean_text('unsub_time') }} is not null then 'unsubscribed'
            else coalesce(lower(export_status), 'subscribed')
        end as subscription_status,
        coalesce(
            {{ utc_time('clean_time') }},
            {{ utc_time('unsub_time') }},
            {{ utc_time('confirm_time') }},
            {{ utc_time('optin_time') }}
        ) as status_at,
        'UTC' as source_timezone,
        coalesce({{ clean_text('unsub_reason_other') }}, {{ clean_text('unsub_reason') }}) as unsubscribe_reason,
        nullif(replace(trim(tags), '"', ''), '') as tags,
        {{ clean_text('timezone') }} as time_zone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from audience_members
)

select * from final
