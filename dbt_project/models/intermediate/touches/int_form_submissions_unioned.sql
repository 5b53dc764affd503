-- Forms that people sent, as the site's tools and the e-mail tool report them. Who it was and what brought
-- them is the session's in which the form was sent.
with form_events as (
    select * from {{ ref('form_events') }}
),

events as (
    select * from {{ ref('int_events_sessionised') }}
    where session_key is not null
),

sessions as (
    select * from {{ ref('int_sessions_built') }}
),

sessions_identified as (
    select * from {{ ref('int_sessions_identified') }}
),

email_events as (
    select * from {{ ref('int_email_events_unioned') }}
    where event_type = 'form_fill' and event_at is not null and is_by_machine is distinct from true
),

contact_addresses as (
    select * from {{ ref('int_contact_addresses') }}
),

-- Twice at the same instant is once.
sent as (
    select distinct
        events.device_id,
        events.session_key,
        form_events.event_name,
        events.event_at
    from events
    inner join form_events on lower(events.event_name) = form_events.event_name
),

final as (
    select
        {{ surrogate_key(["'form'", 'sessions.session_id', 'sent.event_name', epoch_us('sent.event_at')]) }}
            as form_submission_id,
        sessions.analytics_source as form_source,
        sessions_identified.contact_key,
        sessions.device_id,
        sessions.session_id,
        sessions_identified.link_reason,
        sent.event_name as form_event,
        sessions.source_evidence,
        sessions.source,
        sessions.medium,
        sessions.campaign,
        sessions.click_id_type,
        sessions.landing_page,
        sessions.exclusion_reason,
        sent.event_at as submitted_at
    from sent
    inner join sessions on sent.device_id = sessions.device_id and sent.session_key = sessions.session_key
    inner join sessions_identified on sessions.session_id = sessions_identified.session_id
    union all
    select
        {{ surrogate_key(["'form'", 'email_events.email_event_key']) }} as form_submission_id,
        email_events.email_source as form_source,
        contact_addresses.contact_key,
        cast(null as {{ dbt.type_string() }}) as device_id,
        cast(null as {{ dbt.type_string() }}) as session_id,
        'email_address' as link_reason,
        email_events.event_type as form_event,
        'none' as source_evidence,
        email_events.email_source as source,
        'form' as medium,
        cast(null as {{ dbt.type_string() }}) as campaign,
        cast(null as {{ dbt.type_string() }}) as click_id_type,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        cast(null as {{ dbt.type_string() }}) as exclusion_reason,
        email_events.event_at as submitted_at
    from email_events
    -- Nobody's form without a device is no touch of anyone.
    inner join contact_addresses on email_events.email = contact_addresses.email
)

select * from final
