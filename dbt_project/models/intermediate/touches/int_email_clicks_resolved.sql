-- Clicks as touches: who, from where, and whether the session that the click opened tells it already.
-- Opens and deliveries are no touches, nor is what a program clicks.
with events as (
    select * from {{ ref('int_email_events_judged') }}
    where event_type = 'click' and event_at is not null and coalesce(is_by_machine, false) is false
),

contact_addresses as (
    select * from {{ ref('int_contact_addresses') }}
),

consents_withdrawn as (
    select * from {{ ref('int_consents_withdrawn') }}
),

shared_addresses as (
    select * from {{ ref('int_shared_addresses') }}
),

sessions as (
    select * from {{ ref('int_sessions_built') }}
),

sessions_identified as (
    select * from {{ ref('int_sessions_identified') }}
    where contact_key is not null
),

-- Source, medium and campaign of one link together: a link with any tag of its own is read as the
-- site reads it, one without is the vendor's.
sourced as (
    select
        events.email_event_key,
        events.email_campaign_key,
        events.email_source,
        case when consents_withdrawn.contact_key is null then contact_addresses.contact_key end as contact_key,
        coalesce(contact_addresses.contact_key, events.recipient_id) as person_id,
        shared_addresses.email is not null as is_shared_address,
        {{ url_parameter('events.url', 'utm_source') }} is not null
        or {{ url_parameter('events.url', 'utm_campaign') }} is not null as is_tagged,
        lower({{ url_parameter('events.url', 'utm_source') }}) as utm_source,
        lower({{ url_parameter('events.url', 'utm_medium') }}) as utm_medium,
        {{ normalised_slug(url_parameter('events.url', 'utm_campaign')) }} as utm_campaign,
        {{ normalised_slug('events.campaign_name') }} as campaign_slug,
        -- Without its query, in which people's data travel.
        regexp_replace(events.url, '[?#].*$', '') as landing_page,
        events.event_at
    from events
    left join contact_addresses on events.email = contact_addresses.email
    left join shared_addresses on events.email = shared_addresses.email
    -- Who no longer agrees to be recognised is not, from then on.
    left join consents_withdrawn
        on
            contact_addresses.contact_key = consents_withdrawn.contact_key
            and events.event_at >= consents_withdrawn.withdrawn_at
),

described as (
    select
        email_event_key,
        email_campaign_key,
        email_source,
        contact_key,
        person_id,
        is_shared_address,
        is_tagged,
        case when is_tagged then coalesce(utm_source, email_source) else email_source end as source,
        case when is_tagged then coalesce(utm_medium, 'email') else 'email' end as medium,
        case when is_tagged then utm_campaign else campaign_slug end as campaign,
        landing_page,
        event_at
    from sourced
),

spaced as (
    select
        *,
        {{ epoch_us('event_at') }} - lag({{ epoch_us('event_at') }}) over (
            partition by person_id, source, medium, coalesce(campaign, '')
            order by event_at, email_event_key
        ) as us_since_same
    from described
),

touches as (
    select * from spaced
    where us_since_same is null or us_since_same > {{ var('touch_collapse_minutes') }} * cast(60000000 as bigint)
),

-- The first session of the same person and campaign within the window after the click.
opened as (
    select
        touches.email_event_key,
        sessions.session_id
    from touches
    inner join sessions_identified on touches.contact_key = sessions_identified.contact_key
    inner join sessions on sessions_identified.session_id = sessions.session_id
    where
        sessions.session_started_at >= touches.event_at
        and {{ epoch_us('sessions.session_started_at') }} - {{ epoch_us('touches.event_at') }}
        <= {{ var('touch_collapse_minutes') }} * cast(60000000 as bigint)
        and (
            sessions.campaign = touches.campaign
            or (
                touches.campaign is null
                and sessions.campaign is null
                and sessions.source = touches.source
                and sessions.medium = touches.medium
            )
        )
    qualify row_number() over (
        partition by touches.email_event_key
        order by sessions.session_started_at, sessions.session_id
    ) = 1
),

final as (
    select
        touches.email_event_key as email_click_id,
        touches.email_campaign_key,
        touches.email_source,
        touches.contact_key,
        opened.session_id as opened_session_id,
        touches.source,
        touches.medium,
        touches.campaign,
        touches.landing_page,
        touches.is_tagged,
        touches.is_shared_address,
        touches.contact_key is not null and opened.session_id is null as is_touch,
        touches.event_at as clicked_at
    from touches
    left join opened on touches.email_event_key = opened.email_event_key
)

select * from final
