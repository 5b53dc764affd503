-- What a person has to put right, task by task. The sources tell how things stand now, and seldom how
-- they stood: what was mended without a trace is not in here.
with records as (
    select * from {{ ref('int_crm_contacts_unioned') }}
    where
        coalesce(is_deleted_at_source, false) is false
        and merged_into_id is null
        and missing_since_at is null
),

aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
    where is_excluded is false and coalesce(is_deleted_at_source, false) is false and missing_since_at is null
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

subscriptions as (
    select * from {{ ref('int_email_subscriptions') }}
),

accounts as (
    select * from {{ ref('int_crm_accounts_unioned') }}
    where coalesce(is_deleted_at_source, false) is false and missing_since_at is null
),

touched as (
    select
        contact_key,
        max(touched_at) as last_touched_at
    from {{ ref('int_touches_resolved') }}
    where contact_key is not null
    group by contact_key
),

open_deals as (
    select distinct
        account_key,
        primary_contact_key
    from {{ ref('fct_opportunities') }}
    where is_closed is false
),

utm_faults as (
    select * from {{ ref('fct_utm_faults') }}
),

accuracy as (
    select * from {{ ref('fct_lead_score_accuracy') }}
    where is_active_version and cohort_quarter is not null and is_monotone is false
),

sync_lags as (
    select * from {{ ref('fct_sync_lags') }}
    where sync_state = 'late'
),

thresholds as (
    select
        cast(max(case when threshold_key = 'firmographics_stale_days' then threshold_value end) * 86400000000 as bigint)
            as stale_us,
        cast(max(case when threshold_key = 'inactive_contact_days' then threshold_value end) * 86400000000 as bigint)
            as inactive_us,
        cast(max(case when threshold_key = 'utm_fault_days' then threshold_value end) * 86400000000 as bigint)
            as utm_fault_us,
        cast(max(case when threshold_key = 'sync_lag_minutes' then threshold_value end) * 60000000 as bigint)
            as sync_lag_us
    from {{ ref('rule_thresholds') }}
),

-- A lead and the contact that it became are two records of one person on purpose.
duplicates as (
    select
        aliases.contact_key,
        records.crm_source,
        records.record_type,
        records.created_at
    from records
    inner join aliases
        on records.crm_source = aliases.crm_source and records.crm_contact_id = aliases.crm_contact_id
    inner join contacts on aliases.contact_key = contacts.contact_key
    qualify row_number() over (
        partition by aliases.contact_key, records.crm_source, records.record_type
        order by records.created_at nulls last, records.record_key
    ) = 2
),

idle as (
    select
        contacts.contact_key,
        case
            when touched.last_touched_at > contacts.created_at then touched.last_touched_at
            else coalesce(contacts.created_at, touched.last_touched_at)
        end as last_active_at
    from contacts
    left join contact_accounts on contacts.contact_key = contact_accounts.contact_key
    left join touched on contacts.contact_key = touched.contact_key
    left join open_deals as of_account on contact_accounts.account_key = of_account.account_key
    left join open_deals as of_contact on contacts.contact_key = of_contact.primary_contact_key
    where of_account.account_key is null and of_contact.primary_contact_key is null
),

described as (
    select
        account_key,
        industry is null or country is null or employee_count is null as is_incomplete,
        created_at,
        coalesce(source_updated_at, created_at) as updated_at
    from accounts
),

items as (
    select
        'deduplicate_crm' as hygiene_task,
        'contact' as subject_kind,
        contact_key as subject_key,
        concat('several records in ', crm_source, ': ', record_type) as reason,
        created_at as opened_at,
        cast(null as timestamp) as closed_at
    from duplicates
    union all
    select
        'verify_emails' as hygiene_task,
        'contact' as subject_kind,
        contacts.contact_key as subject_key,
        case when subscriptions.email is not null then 'bounced' else 'malformed' end as reason,
        case when subscriptions.email is not null then subscriptions.status_since_at else contacts.created_at end
            as opened_at,
        cast(null as timestamp) as closed_at
    from contacts
    left join subscriptions
        on contacts.email = subscriptions.email and subscriptions.subscription_status = 'cleaned'
    where
        subscriptions.email is not null
        or not ({{ matches('contacts.email', "'^[^@ ]+@[^@ ]+[.][^@ .0-9]{2,}$'") }})
    union all
    select
        'update_firmographics' as hygiene_task,
        'account' as subject_kind,
        described.account_key as subject_key,
        case when described.is_incomplete then 'incomplete' else 'stale' end as reason,
        case
            when described.is_incomplete then described.created_at
            else {{ add_us('described.updated_at', 'thresholds.stale_us') }}
        end as opened_at,
        cast(null as timestamp) as closed_at
    from described
    cross join thresholds
    where
        described.is_incomplete
        or {{ add_us('described.updated_at', 'thresholds.stale_us') }} < {{ as_of_at() }}
    union all
    select
        'clean_inactive_contacts' as hygiene_task,
        'contact' as subject_kind,
        idle.contact_key as subject_key,
        'no touch and no open deal' as reason,
        {{ add_us('idle.last_active_at', 'thresholds.inactive_us') }} as opened_at,
        cast(null as timestamp) as closed_at
    from idle
    cross join thresholds
    where {{ add_us('idle.last_active_at', 'thresholds.inactive_us') }} <= {{ as_of_at() }}
    union all
    select
        'audit_utm' as hygiene_task,
        'link' as subject_kind,
        utm_faults.utm_fault_id as subject_key,
        concat(utm_faults.utm_parameter, ' ', utm_faults.fault) as reason,
        utm_faults.first_seen_at as opened_at,
        {{ add_us('utm_faults.last_seen_at', 'thresholds.utm_fault_us') }} as closed_at
    from utm_faults
    cross join thresholds
    union all
    select
        'review_lead_scores' as hygiene_task,
        'score band' as subject_kind,
        lead_score_accuracy_id as subject_key,
        concat(score_band, ' converts worse than a lower band') as reason,
        {{ local_day_start('cohort_quarter', var('reporting_time_zone')) }} as opened_at,
        cast(null as timestamp) as closed_at
    from accuracy
    union all
    select
        'sync_crm' as hygiene_task,
        'form' as subject_kind,
        sync_lags.form_submission_id as subject_key,
        'late in the CRM' as reason,
        {{ add_us('sync_lags.submitted_at', 'thresholds.sync_lag_us') }} as opened_at,
        sync_lags.synced_at as closed_at
    from sync_lags
    cross join thresholds
),

final as (
    select
        {{ surrogate_key(['hygiene_task', 'subject_kind', 'subject_key', 'reason']) }} as hygiene_item_id,
        hygiene_task,
        subject_kind,
        subject_key,
        reason,
        closed_at is null or closed_at > {{ as_of_at() }} as is_open,
        opened_at,
        case when closed_at <= {{ as_of_at() }} then closed_at end as closed_at
    from items
)

select * from final
