with events as (
    select * from {{ source('current_segment', 'pages') }}
),

final as (
    select
        id as event_key,
        {{ clean_text('anonymous_id') }} as device_id,
        cast(null as {{ dbt.type_string() }}) as session_id,
        lower({{ clean_text('user_id') }}) as user_id,
        cast(null as {{ dbt.type_string() }}) as email,
        'page_view' as event_name,
        coalesce({{ clean_text('context_page_url') }}, {{ clean_text('url') }}) as page_location,
        coalesce({{ clean_text('context_page_referrer') }}, {{ clean_text('referrer') }}) as page_referrer,
        {{ clean_text('context_campaign_source') }} as utm_source,
        {{ clean_text('context_campaign_medium') }} as utm_medium,
        {{ clean_text('context_campaign_name') }} as utm_campaign,
        cast(null as {{ dbt.type_string() }}) as click_id_type,
        cast(null as {{ dbt.type_string() }}) as click_id,
        {{ clean_text('context_user_agent') }} as user_agent,
        coalesce({{ utc_time('timestamp') }}, {{ utc_time('original_timestamp') }}) as event_at,
        {{ utc_time('received_at') }} as received_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events
)

select * from final
