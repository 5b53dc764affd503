-- Whose session it was: an identification claims all earlier sessions of that device, back to the
-- one before it; sessions after the last identification stay with that contact.
with sessions as (
    select * from {{ ref('int_sessions_built') }}
),

identity_links as (
    select * from {{ ref('int_identity_links') }}
),

consents_withdrawn as (
    select * from {{ ref('int_consents_withdrawn') }}
),

session_contacts as (
    select
        device_id,
        session_key,
        contact_key,
        link_reason
    from identity_links
    qualify row_number() over (
        partition by device_id, session_key order by linked_at, contact_key
    ) = 1
),

numbered as (
    select
        sessions.session_id,
        sessions.device_id,
        sessions.session_started_at,
        sessions.has_login,
        session_contacts.contact_key,
        session_contacts.link_reason,
        row_number() over (
            partition by sessions.device_id
            order by sessions.session_started_at, sessions.session_key
        ) as session_no
    from sessions
    left join session_contacts
        on
            sessions.device_id = session_contacts.device_id
            and sessions.session_key = session_contacts.session_key
),

pointed as (
    select
        *,
        coalesce(
            min(case when contact_key is not null then session_no end) over (
                partition by device_id order by session_no desc
                rows between unbounded preceding and current row
            ),
            max(case when contact_key is not null then session_no end) over (
                partition by device_id order by session_no
                rows between unbounded preceding and current row
            )
        ) as identified_session_no
    from numbered
),

resolved as (
    select
        pointed.session_id,
        pointed.session_started_at,
        identified.contact_key,
        case
            when pointed.contact_key is not null then pointed.link_reason
            when identified.session_no > pointed.session_no then 'device_identified_later'
            when identified.session_no < pointed.session_no then 'device_identified_before'
            when pointed.has_login then 'login_names_nobody'
            else 'anonymous'
        end as link_reason
    from pointed
    left join numbered as identified
        on
            pointed.device_id = identified.device_id
            and pointed.identified_session_no = identified.session_no
),

-- Who no longer agrees to be recognised is not, from then on: the device is anybody's again.
final as (
    select
        resolved.session_id,
        case when consents_withdrawn.contact_key is null then resolved.contact_key end as contact_key,
        case
            when consents_withdrawn.contact_key is null then resolved.link_reason
            else 'consent_withdrawn'
        end as link_reason
    from resolved
    left join consents_withdrawn
        on
            resolved.contact_key = consents_withdrawn.contact_key
            and resolved.session_started_at >= consents_withdrawn.withdrawn_at
)

select * from final
