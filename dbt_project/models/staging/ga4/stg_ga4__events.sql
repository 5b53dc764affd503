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
        try_cast({{ event_param('params', 'ga_session_id') }} as bigint) as ga_session_id,
        try_cast(event_bundle_sequence_id as bigint) as event_bundle_sequence_id,
        try_cast(batch_page_id as bigint) as batch_page_id,
        try_cast(batch_ordering_id as bigint) as batch_ordering_id,
        try_cast(batch_event_index as bigint) as batch_event_index,
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
        {{ timestamp_from_us('try_cast(event_timestamp as bigint)') }} as event_at,
        try_cast(
            concat_ws('-', substr(event_date, 1, 4), substr(event_date, 5, 2), substr(event_date, 7, 2)) as date
        ) as event_date,
        '{{ var("analytics_time_zone") }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from parsed
)

select * from final
