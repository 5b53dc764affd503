with deals as (
    select * from {{ ref('int_crm_deals_unioned') }}
    -- A deal of after the run's clock is not known yet; int_records_set_aside has those without a likely date.
    where created_at <= {{ as_of_at() }} and created_at >= {{ facts_since() }}
),

primary_contacts as (
    select * from {{ ref('int_crm_deal_contacts_unioned') }}
    where contact_position = 1
),

accounts as (
    select * from {{ ref('int_crm_accounts_unioned') }}
),

aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_dated') }}
),

described as (
    select
        deals.opportunity_id,
        deals.crm_source,
        contacts.contact_key as primary_contact_key,
        coalesce(contacts.is_excluded, false) as is_excluded,
        coalesce(accounts.account_key, contact_accounts.account_key) as account_key,
        deals.pipeline,
        deals.stage,
        deals.is_closed,
        deals.is_won,
        deals.deal_type as opportunity_type,
        deals.owner_id,
        case when deals.owner_id is null then coalesce(deals.owner_name, 'Unassigned') else deals.owner_name end
            as owner_name,
        {{ plausible_amount('deals.amount') }} as amount,
        coalesce(
            deals.currency,
            {{ by_source('source_currencies', 'deals.crm_source') }},
            '{{ var("reporting_currency") }}'
        ) as currency,
        deals.created_at,
        deals.created_until_at,
        deals.is_closed and deals.close_at <= {{ as_of_at() }} and deals.close_at >= {{ facts_since() }}
            as has_known_close,
        deals.close_at,
        deals.close_until_at,
        {{ reporting_day('deals.created_at') }} as created_day,
        deals.is_deleted_at_source,
        deals.missing_since_at,
        deals.file_id,
        deals.row_number
    from deals
    left join primary_contacts on deals.opportunity_id = primary_contacts.opportunity_id
    left join accounts on deals.crm_source = accounts.crm_source and deals.crm_account_id = accounts.crm_account_id
    left join aliases
        on deals.crm_source = aliases.crm_source and primary_contacts.crm_contact_id = aliases.crm_contact_id
    left join contacts on aliases.contact_key = contacts.contact_key
    left join contact_accounts on contacts.contact_key = contact_accounts.contact_key
),

final as (
    select
        described.opportunity_id,
        described.crm_source,
        described.primary_contact_key,
        described.account_key,
        described.pipeline,
        described.stage,
        described.is_closed,
        described.is_won,
        described.is_excluded,
        described.opportunity_type,
        described.owner_id,
        described.owner_name,
        described.amount,
        described.currency,
        -- The rate of the day the opportunity was created (V10).
        {{ in_reporting_currency('described.amount', 'fx_rates.rate_to_reporting') }} as amount_reporting,
        case when described.amount is not null then fx_rates.rate_date end as fx_rate_date,
        described.created_at,
        described.created_until_at,
        case when described.has_known_close then described.close_at end as closed_at,
        case when described.has_known_close then described.close_until_at end as closed_until_at,
        described.is_deleted_at_source,
        described.missing_since_at,
        described.file_id,
        described.row_number
    from described
    left join fx_rates
        on {{ is_rate_of_day('fx_rates', 'described.currency', 'described.created_day') }}
)

select * from final
