-- Every statement that a device belongs to a contact, with its reason and time.
with events as (
    select
        device_id as user_pseudo_id,
        session_key as ga_session_id,
        -- An address names the person where the site's own id may be no one else's.
        coalesce(email, user_id) as user_id,
        event_at
    from {{ ref('int_events_sessionised') }}
    -- Only an event with a login can link a device.
    where user_id is not null or email is not null
),

logins as (
    select
        user_pseudo_id,
        ga_session_id,
        user_id,
        min(event_at) as linked_at
    from events
    group by user_pseudo_id, ga_session_id, user_id
),

aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
    -- A number that records of two CRMs have identifies nobody.
    qualify count(*) over (partition by crm_contact_id) = 1
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
),

shared_addresses as (
    select * from {{ ref('int_shared_addresses') }}
),

-- A login with a mailbox of several people is nobody's. Two contacts with one address, unmerged by
-- the seed: the one that was there first.
contact_emails as (
    select
        contacts.email,
        contacts.contact_key
    from contacts
    left join shared_addresses on contacts.email = shared_addresses.email
    where contacts.email is not null and shared_addresses.email is null
    qualify row_number() over (
        partition by contacts.email order by contacts.created_at nulls last, contacts.crm_contact_id
    ) = 1
),

final as (
    select
        logins.user_pseudo_id,
        logins.ga_session_id,
        logins.linked_at,
        coalesce(contacts.contact_key, contact_emails.contact_key) as contact_key,
        case
            when contacts.contact_key is null then 'user_id_is_email'
            when aliases.crm_source <> aliases.survivor_source or aliases.crm_contact_id <> aliases.survivor_id
                then 'user_id_is_merged_record_id'
            else 'user_id_is_record_id'
        end as link_reason
    from logins
    left join aliases on logins.user_id = aliases.crm_contact_id
    left join contacts on aliases.contact_key = contacts.contact_key
    left join contact_emails on logins.user_id = contact_emails.email
    -- A login that no contact of the CRM has identifies nobody.
    where coalesce(contacts.contact_key, contact_emails.contact_key) is not null
)

select * from final
