with recipients as (
    select * from {{ source('current_mailchimp', 'recipients') }}
),

final as (
    select
        {{ surrogate_key(['campaign_id', 'member_id', "'sent'"]) }} as event_id,
        cast(null as {{ dbt.type_string() }}) as message_id,
        trim(member_id) as member_id,
        cast(null as {{ dbt.type_string() }}) as email,
        'sent' as source_event,
        {{ clean_text('campaign_id') }} as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        cast(null as {{ dbt.type_string() }}) as bounce_type,
        cast(null as {{ dbt.type_string() }}) as url,
        cast(null as boolean) as is_by_machine,
        cast(null as timestamp) as event_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from recipients
)

select * from final
