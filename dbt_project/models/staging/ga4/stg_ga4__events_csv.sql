-- traffic_source_* is where the user first came from, never the session, and is not read.
with events as (
    select * from {{ source('current_ga4', 'events_csv') }}
),

final as (
    select
        {{ clean_text('user_pseudo_id') }} as user_pseudo_id,
        lower({{ clean_text('user_id') }}) as user_id,
        {{ clean_text('param_ga_session_id') }} as ga_session_id,
        {{ parse_integer('bundle_sequence_id') }} as event_bundle_sequence_id,
        {{ parse_integer('batch_page_id') }} as batch_page_id,
        {{ parse_integer('batch_ordering_id') }} as batch_ordering_id,
        {{ parse_integer('batch_event_index') }} as batch_event_index,
        name as event_name,
        {{ clean_text('param_page_location') }} as page_location,
        {{ clean_text('param_page_referrer') }} as page_referrer,
        {{ clean_text('param_source') }} as param_source,
        {{ clean_text('param_medium') }} as param_medium,
        {{ clean_text('param_campaign') }} as param_campaign,
        {{ clean_text('param_gclid') }} as param_google_click_id,
        {{ clean_text('collected_traffic_source_manual_source') }} as manual_source,
        {{ clean_text('collected_traffic_source_manual_medium') }} as manual_medium,
        {{ clean_text('collected_traffic_source_manual_campaign_name') }} as manual_campaign,
        {{ clean_text('collected_traffic_source_gclid') }} as collected_google_click_id,
        cast(null as {{ dbt.type_string() }}) as collected_display_click_id,
        {{ clean_text('param_traffic_type') }} as traffic_type,
        {{ parse_boolean('param_session_engaged') }} as is_session_engaged,
        upper(platform) as platform,
        {{ utc_time('timestamp') }} as event_at,
        {{ parse_day('date') }} as event_date,
        '{{ var("source_time_zones").ga4 }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events
)

select * from final
