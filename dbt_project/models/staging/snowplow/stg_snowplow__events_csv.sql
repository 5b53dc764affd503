with events as (
    select * from {{ source('current_snowplow', 'events_csv') }}
),

final as (
    select
        event_id as event_key,
        {{ clean_text('domain_userid') }} as device_id,
        {{ clean_text('domain_sessionid') }} as session_id,
        lower({{ clean_text('user_id') }}) as user_id,
        cast(null as {{ dbt.type_string() }}) as email,
        coalesce({{ clean_text('event_name') }}, {{ clean_text('event') }}) as event_name,
        {{ clean_text('page_url') }} as page_location,
        {{ clean_text('page_referrer') }} as page_referrer,
        nullif({{ clean_text('mkt_source') }}, '(direct)') as utm_source,
        nullif({{ clean_text('mkt_medium') }}, '(none)') as utm_medium,
        {{ clean_text('mkt_campaign') }} as utm_campaign,
        case lower({{ clean_text('mkt_network') }})
            when 'google' then 'gclid'
            when 'microsoft' then 'msclkid'
            when 'doubleclick' then 'dclid'
        end as click_id_type,
        {{ clean_text('mkt_clickid') }} as click_id,
        {{ clean_text('useragent') }} as user_agent,
        coalesce(
            {{ utc_time('true_tstamp') }},
            {{ utc_time('derived_tstamp') }},
            {{ utc_time('collector_tstamp') }}
        ) as event_at,
        {{ utc_time('collector_tstamp') }} as received_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events
)

select * from final
