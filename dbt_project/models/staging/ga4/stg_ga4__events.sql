with events as (
    select * from {{ source('current_ga4', 'events') }}
),

parsed as (
    select
        *,
        {{ event_params('event_params') }} as params
    from events
),

final as (
    select
        {{ clean_text('user_pseudo_id') }} as user_pseudo_id,
        lower({{ clean_text('user_id') }}) as user_id,
        {{ parse_integer(event_param('params', 'ga_session_id')) }} as ga_session_id,
        {{ parse_integer('event_bundle_sequence_id') }} as event_bundle_sequence_id,
        {{ parse_integer('batch_page_id') }} as batch_page_id,
        {{ parse_integer('batch_ordering_id') }} as batch_ordering_id,
        {{ parse_integer('batch_event_index') }} as batch_event_index,
        event_name,
        {{ event_param('params', 'page_location') }} as page_location,
        {{ event_param('params', 'page_referrer') }} as page_referrer,
        {{ clean_text(event_param('params', 'source')) }} as param_source,
        {{ clean_text(event_param('params', 'medium')) }} as param_medium,
        {{ clean_text(event_param('params', 'campaign')) }} as param_campaign,
        {{ clean_text(event_param('params', 'gclid')) }} as param_google_click_id,
        {{ clean_text(json_text('collected_traffic_source', '$.manual_source')) }} as manual_source,
        {{ clean_text(json_text('collected_traffic_source', '$.manual_medium')) }} as manual_medium,
        {{ clean_text(json_text('collected_traffic_source', '$.manual_campaign_name')) }} as manual_campaign,
        {{ clean_text(json_text('collected_traffic_source', '$.gclid')) }} as collected_google_click_id,
        {{ clean_text(json_text('collected_traffic_source', '$.dclid')) }} as collected_display_click_id,
        {{ clean_text(event_param('params', 'traffic_type')) }} as traffic_type,
        -- Text or a number, as the tag pleases.
        {{ parse_boolean(event_param('params', 'session_engaged')) }} as is_session_engaged,
        platform,
        {{ unix_time('event_timestamp') }} as event_at,
        {{ compact_day('event_date') }} as event_date,
        '{{ var("source_time_zones").ga4 }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from parsed
)

select * from final
