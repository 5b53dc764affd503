-- What some connectors keep apart from the event: the link of a click, what a change of status was.
with iterable_extensions as (
    select * from {{ ref('stg_iterable__event_extensions') }}
),

hubspot_clicks as (
    select * from {{ ref('stg_hubspot__email_clicks') }}
),

hubspot_status_changes as (
    select * from {{ ref('stg_hubspot__email_status_changes') }}
),

klaviyo_records as (
    select * from {{ ref('stg_klaviyo__records') }}
),

klaviyo_events as (
    select * from {{ ref('stg_klaviyo__events') }}
),

final as (
    select
        'iterable' as email_source,
        event_id,
        url,
        is_by_machine,
        cast(null as {{ dbt.type_string() }}) as source_event
    from iterable_extensions
    union all
    select
        'hubspot' as email_source,
        event_id,
        url,
        cast(null as boolean) as is_by_machine,
        cast(null as {{ dbt.type_string() }}) as source_event
    from hubspot_clicks
    union all
    select
        'hubspot' as email_source,
        event_id,
        cast(null as {{ dbt.type_string() }}) as url,
        cast(null as boolean) as is_by_machine,
        'STATUSCHANGE ' || portal_subscription_status as source_event
    from hubspot_status_changes
    union all
    -- Klaviyo's events name their metric by its id.
    select
        'klaviyo' as email_source,
        klaviyo_events.event_id,
        cast(null as {{ dbt.type_string() }}) as url,
        cast(null as boolean) as is_by_machine,
        klaviyo_records.record_name as source_event
    from klaviyo_events
    inner join klaviyo_records
        on klaviyo_events.source_event = klaviyo_records.record_id and klaviyo_records.record_type = 'metric'
)

select * from final
