-- What is known of each contact that a scoring rule can look at: what it is, what it did, and when.
with contacts as (
    select * from {{ ref('int_contacts_merged') }}
    -- Own staff and test mailboxes are no leads (V14).
    where is_excluded is false
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

contact_records as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

account_records as (
    select * from {{ ref('int_crm_accounts_unioned') }}
),

icp_criteria as (
    select * from {{ ref('icp_criteria') }}
),

events as (
    select * from {{ ref('int_events_sessionised') }}
    -- Neither bots nor own staff show interest.
    where session_key is not null and exclusion_reason is null
),

sessions as (
    select * from {{ ref('int_sessions_built') }}
),

sessions_identified as (
    select * from {{ ref('int_sessions_identified') }}
    where contact_key is not null
),

email_events as (
    select * from {{ ref('int_email_events_judged') }}
    -- What a program opened or clicked tells nothing about the person.
    where event_type in ('open', 'click', 'unsubscribe') and is_by_machine is distinct from true
),

contact_addresses as (
    select * from {{ ref('int_contact_addresses') }}
),

described as (
    select
        contacts.contact_key,
        coalesce(contacts.created_at, {{ as_of_at() }}) as created_at,
        coalesce(contact_records.source_updated_at, contacts.created_at, {{ as_of_at() }}) as updated_at,
        lower(coalesce(contact_records.job_title, '')) as job_title,
        lower(coalesce(account_records.industry, '')) as industry,
        account_records.employee_count,
        contacts.email,
        lower(contact_records.first_conversion) as first_form,
        contact_records.is_unsubscribed
    from contacts
    inner join contact_records
        on
            contacts.crm_source = contact_records.crm_source
            and contacts.crm_contact_id = contact_records.crm_contact_id
    inner join contact_accounts on contacts.contact_key = contact_accounts.contact_key
    left join account_records on contact_accounts.account_key = account_records.account_key
),

icp_matches as (
    select
        described.contact_key,
        described.created_at,
        cast(count(distinct icp_criteria.criterion) as bigint) as match_count
    from described
    inner join icp_criteria
        on
            (
                icp_criteria.criterion = 'job_title'
                and {{ matches('described.job_title', 'icp_criteria.pattern', ref('icp_criteria')) }}
            )
            or (
                icp_criteria.criterion = 'industry'
                and {{ matches('described.industry', 'icp_criteria.pattern', ref('icp_criteria')) }}
            )
            or (
                icp_criteria.criterion = 'employee_count'
                and described.employee_count >= coalesce(icp_criteria.min_value, described.employee_count)
                and described.employee_count <= coalesce(icp_criteria.max_value, described.employee_count)
            )
    group by described.contact_key, described.created_at
),

signals as (
    select
        contact_key,
        'icp_matches' as signal,
        '' as signal_text,
        match_count as signal_value,
        created_at as signalled_at
    from icp_matches
    union all
    select
        contact_key,
        'profile' as signal,
        concat(job_title, ' ', coalesce(email, '')) as signal_text,
        cast(null as bigint) as signal_value,
        created_at as signalled_at
    from described
    union all
    select
        contact_key,
        'form' as signal,
        first_form as signal_text,
        cast(null as bigint) as signal_value,
        created_at as signalled_at
    from described
    where first_form is not null
    union all
    -- The CRM says that, not when: at the latest when the record was last changed.
    select
        contact_key,
        'unsubscribed' as signal,
        '' as signal_text,
        cast(null as bigint) as signal_value,
        updated_at as signalled_at
    from described
    where is_unsubscribed
    union all
    select
        contacts.contact_key,
        case email_events.event_type
            when 'open' then 'email_open'
            when 'click' then 'email_click'
            else 'unsubscribed'
        end as signal,
        -- One mail opened twice is one e-mail, seen when it was last opened.
        coalesce(email_events.message_id, email_events.email_campaign_key, '') as signal_text,
        cast(null as bigint) as signal_value,
        max(email_events.event_at) as signalled_at
    from email_events
    inner join contact_addresses on email_events.email = contact_addresses.email
    inner join contacts on contact_addresses.contact_key = contacts.contact_key
    group by
        contacts.contact_key,
        email_events.event_type,
        coalesce(email_events.message_id, email_events.email_campaign_key, '')
    union all
    select
        sessions_identified.contact_key,
        {{ web_signal('events') }},
        cast(null as bigint) as signal_value,
        events.event_at as signalled_at
    from events
    inner join sessions
        on events.device_id = sessions.device_id and events.session_key = sessions.session_key
    inner join sessions_identified on sessions.session_id = sessions_identified.session_id
    inner join contacts on sessions_identified.contact_key = contacts.contact_key
),

-- Twice at the same instant is once.
final as (
    select distinct
        contact_key,
        signal,
        signal_text,
        signal_value,
        signalled_at
    from signals
    where signalled_at <= {{ as_of_at() }}
)

select * from final
