-- Every web event in one shape, as delivered; int_events_sessionised drops what GA4 delivered twice, in
-- the pass that orders a session's events.
{%- set string = dbt.type_string() %}

with vendor_events as (
    select * from {{ ref('int_vendor_events_unioned') }}
),

ga4_events as (
    {%- for model in ['stg_ga4__events', 'stg_ga4__events_csv'] %}
    select
        user_pseudo_id,
        cast(ga_session_id as {{ string }}) as ga_session_id,
        user_id,
        event_name,
        page_location,
        page_referrer,
        manual_source,
        manual_medium,
        manual_campaign,
        param_source,
        param_medium,
        param_campaign,
        coalesce(collected_google_click_id, param_google_click_id) as google_click_id,
        collected_display_click_id,
        traffic_type,
        source_timezone,
        event_bundle_sequence_id,
        batch_page_id,
        batch_ordering_id,
        batch_event_index,
        file_id,
        row_number,
        event_at
    from {{ ref(model) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

unioned as (
    select
        'ga4' as analytics_source,
        cast(null as {{ string }}) as event_key,
        user_pseudo_id as device_id,
        ga_session_id as vendor_session_id,
        user_id,
        cast(null as {{ string }}) as email,
        event_name,
        event_name = 'page_view' as is_page_view,
        page_location,
        page_referrer,
        manual_source,
        manual_medium,
        manual_campaign,
        param_source,
        param_medium,
        param_campaign,
        case
            when google_click_id is not null then 'gclid'
            when collected_display_click_id is not null then 'dclid'
        end as click_id_type,
        coalesce(google_click_id, collected_display_click_id) as click_id,
        cast(null as {{ string }}) as user_agent,
        traffic_type,
        source_timezone,
        event_bundle_sequence_id,
        batch_page_id,
        batch_ordering_id,
        batch_event_index,
        file_id,
        row_number,
        event_at
    from ga4_events
    union all
    select
        analytics_source,
        event_key,
        device_id,
        vendor_session_id,
        user_id,
        email,
        event_name,
        is_page_view,
        page_location,
        page_referrer,
        manual_source,
        manual_medium,
        manual_campaign,
        cast(null as {{ string }}) as param_source,
        cast(null as {{ string }}) as param_medium,
        cast(null as {{ string }}) as param_campaign,
        click_id_type,
        click_id,
        user_agent,
        cast(null as {{ string }}) as traffic_type,
        source_timezone,
        cast(null as bigint) as event_bundle_sequence_id,
        cast(null as bigint) as batch_page_id,
        cast(null as bigint) as batch_ordering_id,
        cast(null as bigint) as batch_event_index,
        file_id,
        row_number,
        event_at
    from vendor_events
),

final as (
    select * from unioned
    -- Later than the run's clock it is not known yet.
    where event_at <= {{ as_of_at() }}
)

select * from final
