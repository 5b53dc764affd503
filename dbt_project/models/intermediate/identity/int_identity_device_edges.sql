-- Every statement that a device was a CRM record's in a session, with its reason and time: a login or a form
-- that carries the record's number or address, the click of an ad whose id the CRM keeps with the record,
-- the link of an e-mail to one address.
{{ config(materialized='view') }}

with events as (
    select * from {{ ref('int_events_sessionised') }}
),

form_events as (
    select * from {{ ref('form_events') }}
),

contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

record_edges as (
    select * from {{ ref('int_identity_record_edges') }}
),

addresses as (
    select * from {{ ref('int_addresses_claimed') }}
),

list_members as (
    select * from {{ ref('stg_mailchimp__list_members') }}
    where unique_email_id is not null
),

-- With those that only their survivor remembers.
records as (
    select record_key
    from contacts
    union
    select record_key
    from record_edges
),

numbered as (
    select
        record_key,
        substr(record_key, length(split_part(record_key, ':', 1)) + 2) as crm_contact_id
    from records
),

-- A number that records of two CRMs have identifies nobody.
numbers as (
    select * from numbered
    qualify count(*) over (partition by crm_contact_id) = 1
),

logins as (
    select
        events.device_id,
        events.session_key,
        -- An address names the person where the site's own id may be no one else's.
        coalesce(events.email, events.user_id) as user_id,
        form_events.event_name is not null as is_form,
        min(events.event_at) as stated_at
    from events
    left join form_events on lower(events.event_name) = form_events.event_name
    -- Only an event with a login can link a device.
    where events.user_id is not null or events.email is not null
    group by
        events.device_id,
        events.session_key,
        coalesce(events.email, events.user_id),
        form_events.event_name is not null
),

click_ids as (
    select distinct
        record_key,
        'gclid' as click_id_type,
        google_click_id as click_id
    from contacts
    where google_click_id is not null
    union all
    select distinct
        record_key,
        'fbclid' as click_id_type,
        facebook_click_id as click_id
    from contacts
    where facebook_click_id is not null
),

email_links as (
    select
        device_id,
        session_key,
        {{ url_parameter('page_location', 'mc_eid') }} as unique_email_id,
        event_at
    from events
    where page_location like '%mc_eid=%'
),

stated as (
    select
        logins.device_id,
        logins.session_key,
        numbers.record_key,
        case when logins.is_form then 'form_record_id' else 'login_record_id' end as reason,
        logins.stated_at
    from logins
    inner join numbers on logins.user_id = numbers.crm_contact_id
    union all
    select
        logins.device_id,
        logins.session_key,
        addresses.record_key,
        case when logins.is_form then 'form_email' else 'login_email' end as reason,
        logins.stated_at
    from logins
    inner join addresses on logins.user_id = addresses.email
    left join numbers on logins.user_id = numbers.crm_contact_id
    where numbers.record_key is null
    union all
    select
        events.device_id,
        events.session_key,
        click_ids.record_key,
        'ad_click_id' as reason,
        events.event_at as stated_at
    from events
    inner join click_ids on events.click_id_type = click_ids.click_id_type and events.click_id = click_ids.click_id
    union all
    select
        email_links.device_id,
        email_links.session_key,
        addresses.record_key,
        'email_click' as reason,
        email_links.event_at as stated_at
    from email_links
    inner join list_members on email_links.unique_email_id = list_members.unique_email_id
    inner join addresses on list_members.email = addresses.email
),

final as (
    select
        device_id,
        session_key,
        record_key,
        reason,
        min(stated_at) as stated_at
    from stated
    group by device_id, session_key, record_key, reason
)

select * from final
