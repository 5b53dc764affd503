-- Forms that people sent, as the site's tools and the e-mail tool report them. Who it was and what brought
-- them is the session's in which the form was sent.
{%- set string = dbt.type_string() %}

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
    select * from {{ ref('int_email_events_judged') }}
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

site_forms as (
    select
        {{ surrogate_key(["'form'", 'sessions.session_id', 'sent.event_name', epoch_us('sent.event_at')]) }}
            as form_submission_id,
        sessions.*,
        sessions_identified.contact_key,
        sessions_identified.link_reason,
        sent.event_name,
        sent.event_at
    from sent
    inner join sessions on sent.device_id = sessions.device_id and sent.session_key = sessions.session_key
    inner join sessions_identified on sessions.session_id = sessions_identified.session_id
),

-- Nobody's form without a device is no touch of anyone.
mail_forms as (
    select
        {{ surrogate_key(["'form'", 'email_events.email_event_key']) }} as form_submission_id,
        email_events.*,
        contact_addresses.contact_key
    from email_events
    inner join contact_addresses on email_events.email = contact_addresses.email
),

final as (
    {{ unioned(
        [
            {
                'from': 'site_forms',
                'as': {
                    'form_source': 'analytics_source',
                    'form_event': 'event_name',
                    'submitted_at': 'event_at',
                },
            },
            {
                'from': 'mail_forms',
                'as': {
                    'form_source': 'email_source',
                    'link_reason': "'email_address'",
                    'form_event': 'event_type',
                    'source_evidence': "'none'",
                    'source': 'email_source',
                    'medium': "'form'",
                    'submitted_at': 'event_at',
                },
                'lacks': ['device_id', 'session_id', 'campaign', 'click_id_type', 'landing_page', 'exclusion_reason'],
            },
        ],
        columns={
            'form_submission_id': string,
            'form_source': string,
            'contact_key': string,
            'device_id': string,
            'session_id': string,
            'link_reason': string,
            'form_event': string,
            'source_evidence': string,
            'source': string,
            'medium': string,
            'campaign': string,
            'click_id_type': string,
            'landing_page': string,
            'exclusion_reason': string,
            'submitted_at': 'timestamp',
        },
    ) }}
)

select * from final
