with unsubscribes as (
    select * from {{ source('current_mailchimp', 'unsubscribes') }}
),

final as (
    select
        {{ surrogate_key(['campaign_id', 'member_id', "'unsubscribe'"]) }} as event_id,
        cast(null as {{ dbt.type_string() }}) as message_id,
        trim(member_id) as member_id,
        lower({{ clean_text('email_address') }}) as email,
        'unsubscribe' as source_event,
        {{ clean_text('campaign_id') }} as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        cast(null as {{ dbt.type_string() }}) as bounce_type,
        cast(null as {{ dbt.type_string() }}) as url,
        cast(null as boolean) as is_by_machine,
        {{ utc_time('timestamp') }} as event_at,
        'UTC' as source_timezone,
        {{ clean_text('reason') }} as unsubscribe_reason,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from unsubscribes
)

select * from final
