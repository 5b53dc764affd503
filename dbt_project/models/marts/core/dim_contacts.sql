with contacts as (
    select * from {{ ref('int_contacts_merged') }}
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

lead_scores as (
    select * from {{ ref('fct_lead_scores') }}
),

first_touches as (
    select
        contact_key,
        min(touched_at) as first_touched_at
    from touches
    where contact_key is not null
    group by contact_key
),

final as (
    select
        contacts.contact_key,
        contact_accounts.account_key,
        contacts.crm_source,
        {{ masked('contacts.crm_contact_id') }} as crm_contact_id,
        contacts.record_count,
        coalesce(lifecycle_stages.stage, contacts.lifecycle_stage_key) as lifecycle_stage,
        lead_scores.score as lead_score,
        lead_scores.score_band,
        contacts.original_source,
        contacts.country,
        contact_accounts.account_match_method,
        contact_accounts.suspected_account_key,
        contacts.exclusion_reason,
        contacts.is_excluded,
        contacts.is_deleted_at_source,
        contacts.missing_since_at,
        contacts.created_at,
        case
            when first_touches.first_touched_at < contacts.created_at then first_touches.first_touched_at
            else coalesce(contacts.created_at, first_touches.first_touched_at)
        end as first_seen_at
    from contacts
    inner join contact_accounts on contacts.contact_key = contact_accounts.contact_key
    left join first_touches on contacts.contact_key = first_touches.contact_key
    left join lead_scores on contacts.contact_key = lead_scores.contact_key
    left join lifecycle_stages on contacts.lifecycle_stage_key = lifecycle_stages.lifecycle_stage_key
)

select * from final
