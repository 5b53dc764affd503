-- Lead-to-account matching: the CRM's own link first, then the corporate e-mail domain. A company's
-- name that is the same but for case and legal form is a suspicion and kept apart.
with contacts as (
    select * from {{ ref('int_contacts_merged') }}
),

accounts as (
    select * from {{ ref('int_crm_accounts_unioned') }}
),

freemail_domains as (
    select * from {{ ref('freemail_domains') }}
),

-- A domain that several companies of a CRM carry goes to the one that was there first.
account_domains as (
    select
        crm_source,
        domain,
        crm_account_id
    from accounts
    where domain is not null
    qualify row_number() over (partition by crm_source, domain order by created_at nulls last, crm_account_id) = 1
),

-- A name that several companies of a CRM have names none of them.
account_names as (
    select
        crm_source,
        {{ normalised_company('account_name') }} as company,
        min(crm_account_id) as crm_account_id
    from accounts
    where {{ normalised_company('account_name') }} is not null
    group by crm_source, {{ normalised_company('account_name') }}
    having count(*) = 1
),

-- Each side's key is made before it is joined: a condition on both sides holds each contact against each account.
contact_keys as (
    select
        contacts.contact_key,
        contacts.crm_source,
        trim(split_part(contacts.associated_company_ids, ';', 1)) as linked_account_id,
        case when freemail_domains.domain is null then split_part(contacts.email, '@', 2) end as domain,
        {{ normalised_company('contacts.company_name') }} as company
    from contacts
    left join freemail_domains on split_part(contacts.email, '@', 2) = freemail_domains.domain
),

candidates as (
    select
        contacts.contact_key,
        contacts.crm_source,
        linked.crm_account_id as linked_account_id,
        account_domains.crm_account_id as domain_account_id,
        account_names.crm_account_id as name_account_id
    from contact_keys as contacts
    left join accounts as linked
        on
            contacts.crm_source = linked.crm_source
            and contacts.linked_account_id = linked.crm_account_id
    left join account_domains
        on
            contacts.crm_source = account_domains.crm_source
            and contacts.domain = account_domains.domain
    left join account_names
        on
            contacts.crm_source = account_names.crm_source
            and contacts.company = account_names.company
),

final as (
    select
        contact_key,
        crm_source,
        coalesce(linked_account_id, domain_account_id) as crm_account_id,
        case
            when coalesce(linked_account_id, domain_account_id) is not null
                then {{ surrogate_key(['crm_source', 'coalesce(linked_account_id, domain_account_id)']) }}
        end as account_key,
        case
            when linked_account_id is not null then 'crm_link'
            when domain_account_id is not null then 'email_domain'
            else 'unmatched'
        end as account_match_method,
        case
            when coalesce(linked_account_id, domain_account_id) is null and name_account_id is not null
                then {{ surrogate_key(['crm_source', 'name_account_id']) }}
        end as suspected_account_key
    from candidates
)

select * from final
