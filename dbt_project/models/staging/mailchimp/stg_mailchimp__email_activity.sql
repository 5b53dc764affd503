with email_activity as (
    select * from {{ source('current_mailchimp', 'email_activity') }}
),

final as (
    select
        {{ surrogate_key(['campaign_id', 'member_id', 'action', epoch_us(utc_time('timestamp')), 'url']) }} as event_id,
        cast(null as {{ dbt.type_string() }}) as message_id,
        trim(member_id) as member_id,
        lower({{ clean_text('email_address') }}) as email,
        lower({{ clean_text('action') }}) as source_event,
        {{ clean_text('campaign_id') }} as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        lower({{ clean_text('bounce_type') }}) as bounce_type,
        {{ clean_text('url') }} as url,
        cast(null as boolean) as is_by_machine,
        {{ utc_time('timestamp') }} as event_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from email_activity
)

select * from final
