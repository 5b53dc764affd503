-- Times are written with a blank before the offset. Apple's proxy opens every mail, read or not.
with events as (
    select * from {{ source('current_iterable', 'events') }}
),

final as (
    select
        {{ surrogate_key([
            'event_type', json_text('data', '$.messageId'), 'email', 'created_at', json_text('data', '$.url'),
        ]) }} as event_id,
        {{ json_text('data', '$.messageId') }} as message_id,
        cast(null as {{ dbt.type_string() }}) as member_id,
        lower({{ clean_text('email') }}) as email,
        {{ clean_text('event_type') }} as source_event,
        {{ json_text('data', '$.campaignId') }} as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        case lower({{ json_text('data', '$.recipientState') }})
            when 'hardbounce' then 'hard'
            when 'softbounce' then 'soft'
        end as bounce_type,
        {{ json_text('data', '$.url') }} as url,
        {{ json_text('data', '$.proxySource') }} = 'Apple' as is_by_machine,
        {{ json_text('data', '$.userAgent') }} as user_agent,
        {{ utc_time('created_at') }} as event_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events
)

select * from final
