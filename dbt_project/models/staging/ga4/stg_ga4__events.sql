with events as (
    select * from {{ source('current_ga4', 'events') }}
),

parsed as (
    select
        *,
        {{ event_params('event_params') }} as params
    from events
),

-- Each read once: an expression that stands in a case twice is computed twice.
told as (
    select
        *,
        {{ event_values('params') }} as told_params
    from parsed
),

looked_up as (
    select
        *,
        {{ event_param('told_params', 'ga_session_id') }} as param_ga_session_id,
        {{ event_param('told_params', 'page_location') }} as param_page_location,
        {{ event_param('told_params', 'page_referrer') }} as param_page_referrer,
        {{ event_param('told_params', 'source') }} as param_source,
        {{ event_param('told_params', 'medium') }} as param_medium,
        {{ event_param('told_params', 'campaign') }} as param_campaign,
        {{ event_param('told_params', 'gclid') }} as param_gclid,
        {{ event_param('told_params', 'traffic_type') }} as param_traffic_type,
        {{ event_param('told_params', 'session_engaged') }} as param_session_engaged,
        {{ json_text('collected_traffic_source', '$.manual_source') }} as collected_manual_source,
        {{ json_text('collected_traffic_source', '$.manual_medium') }} as collected_manual_medium,
        {{ json_text('collected_traffic_source', '$.manual_campaign_name') }} as collected_manual_campaign_name,
        {{ json_text('collected_traffic_source', '$.gclid') }} as collected_gclid,
        {{ json_text('collected_traffic_source', '$.dclid') }} as collected_dclid
    from told
),

final as (
    select
        {{ clean_text('user_pseudo_id') }} as user_pseudo_id,
        lower({{ clean_text('user_id') }}) as user_id,
        {{ parse_integer('param_ga_session_id') }} as ga_session_id,
        {{ parse_integer('event_bundle_sequence_id') }} as event_bundle_sequence_id,
        {{ parse_integer('batch_page_id') }} as batch_page_id,
        {{ parse_integer('batch_ordering_id') }} as batch_ordering_id,
        {{ parse_integer('batch_event_index') }} as batch_event_index,
        event_name,
        param_page_location as page_location,
        param_page_referrer as page_referrer,
        {{ clean_text('param_source') }} as param_source,
        {{ clean_text('param_medium') }} as param_medium,
        {{ clean_text('param_campaign') }} as param_campaign,
        {{ clean_text('param_gclid') }} as param_google_click_id,
        {{ clean_text('collected_manual_source') }} as manual_source,
        {{ clean_text('collected_manual_medium') }} as manual_medium,
        {{ clean_text('collected_manual_campaign_name') }} as manual_campaign,
        {{ clean_text('collected_gclid') }} as collected_google_click_id,
        {{ clean_text('collected_dclid') }} as collected_display_click_id,
        {{ clean_text('param_traffic_type') }} as traffic_type,
        -- Text or a number, as the tag pleases.
        {{ parse_boolean('param_session_engaged') }} as is_session_engaged,
        platform,
        {{ unix_time('event_timestamp') }} as event_at,
        {{ compact_day('event_date') }} as event_date,
        '{{ var("source_time_zones").ga4 }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from looked_up
)

select * from final
