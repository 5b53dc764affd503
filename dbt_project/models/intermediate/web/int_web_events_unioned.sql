-- Every web event in one shape, as delivered; int_events_sessionised drops what GA4 delivered twice, in
-- the pass that orders a session's events.
{%- set string = dbt.type_string() %}
{%- set gclid = 'coalesce(collected_google_click_id, param_google_click_id)' %}
{%- set ga4_names = {
    'analytics_source': "'ga4'",
    'device_id': 'user_pseudo_id',
    'vendor_session_id': 'cast(ga_session_id as ' ~ string ~ ')',
    'is_page_view': "event_name = 'page_view'",
    'click_id_type': (
        "case when " ~ gclid ~ " is not null then 'gclid' when collected_display_click_id is not null then 'dclid' end"
    ),
    'click_id': 'coalesce(' ~ gclid ~ ', collected_display_click_id)',
} %}

with unioned as (
    {{ unioned(
        [
            {'from': ref('stg_ga4__events'), 'as': ga4_names, 'lacks': ['event_key', 'email', 'user_agent']},
            {'from': ref('stg_ga4__events_csv'), 'as': ga4_names, 'lacks': ['event_key', 'email', 'user_agent']},
            {
                'from': ref('int_vendor_events_unioned'),
                'lacks': [
                    'param_source', 'param_medium', 'param_campaign', 'traffic_type', 'event_bundle_sequence_id',
                    'batch_page_id', 'batch_ordering_id', 'batch_event_index',
                ],
            },
        ],
        columns={
            'analytics_source': string,
            'event_key': string,
            'device_id': string,
            'vendor_session_id': string,
            'user_id': string,
            'email': string,
            'event_name': string,
            'is_page_view': 'boolean',
            'page_location': string,
            'page_referrer': string,
            'manual_source': string,
            'manual_medium': string,
            'manual_campaign': string,
            'param_source': string,
            'param_medium': string,
            'param_campaign': string,
            'click_id_type': string,
            'click_id': string,
            'user_agent': string,
            'traffic_type': string,
            'source_timezone': string,
            'event_bundle_sequence_id': 'bigint',
            'batch_page_id': 'bigint',
            'batch_ordering_id': 'bigint',
            'batch_event_index': 'bigint',
            'file_id': 'bigint',
            'row_number': 'bigint',
            'event_at': 'timestamp',
        },
    ) }}
),

final as (
    select * from unioned
    where event_at <= (select known.known_until_at from {{ ref('int_web_events_known') }} as known)
)

select * from final
