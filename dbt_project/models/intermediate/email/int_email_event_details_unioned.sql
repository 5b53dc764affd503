-- What some connectors keep apart from the event: the link of a click, what a change of status was.
with klaviyo_records as (
    select * from {{ ref('stg_klaviyo__records') }}
),

klaviyo_events as (
    select * from {{ ref('stg_klaviyo__events') }}
),

-- Klaviyo's events name their metric by its id.
klaviyo_metrics as (
    select
        klaviyo_events.event_id,
        klaviyo_records.record_name as source_event
    from klaviyo_events
    inner join klaviyo_records
        on klaviyo_events.source_event = klaviyo_records.record_id and klaviyo_records.record_type = 'metric'
),

unioned as (
    {{ unioned(
        [
            {
                'from': ref('stg_iterable__event_extensions'),
                'as': {'email_source': "'iterable'"},
                'lacks': ['user_agent', 'source_event'],
            },
            {
                'from': ref('stg_hubspot__email_clicks'),
                'as': {'email_source': "'hubspot'"},
                'lacks': ['is_by_machine', 'source_event'],
            },
            {
                'from': ref('stg_hubspot__email_status_changes'),
                'as': {'email_source': "'hubspot'", 'source_event': "'STATUSCHANGE ' || portal_subscription_status"},
                'lacks': ['url', 'user_agent', 'is_by_machine'],
            },
            {
                'from': 'klaviyo_metrics',
                'as': {'email_source': "'klaviyo'"},
                'lacks': ['url', 'user_agent', 'is_by_machine'],
            },
        ],
        columns={
            'email_source': dbt.type_string(),
            'event_id': dbt.type_string(),
            'url': dbt.type_string(),
            'user_agent': dbt.type_string(),
            'is_by_machine': 'boolean',
            'source_event': dbt.type_string(),
        },
    ) }}
),

final as (
    select * from unioned
    where event_id is not null
    -- One event has one detail, whatever is told twice.
    qualify row_number() over (
        partition by email_source, event_id order by source_event nulls last, url nulls last, is_by_machine nulls last
    ) = 1
)

select * from final
