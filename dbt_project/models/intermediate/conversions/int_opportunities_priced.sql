with deals as (
    select * from {{ ref('stg_hubspot__deals') }}
    -- A deal of after the run's clock is not known yet.
    where created_at <= {{ as_of_at() }}
),

deal_stages as (
    select * from {{ ref('deal_stages') }}
),

accounts as (
    select * from {{ ref('stg_hubspot__companies') }}
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
        deals.crm_deal_id,
        contacts.contact_key as primary_contact_key,
        coalesce(contacts.is_excluded, false) as is_excluded,
        case
            when accounts.crm_account_id is not null
                then {{ surrogate_key(["'hubspot'", 'accounts.crm_account_id']) }}
            else contact_accounts.account_key
        end as account_key,
        deals.pipeline,
        coalesce(deal_stages.stage, deals.deal_stage_key) as stage,
        coalesce(deal_stages.is_closed, false) as is_closed,
        coalesce(deal_stages.is_won, false) as is_won,
        deals.deal_type as opportunity_type,
        coalesce(deals.owner_name, 'Unassigned') as owner_name,
        deals.amount,
        coalesce(deals.currency, '{{ var("reporting_currency") }}') as currency,
        deals.created_at,
        case when deal_stages.is_closed and deals.close_at <= {{ as_of_at() }} then deals.close_at end as closed_at,
        {{ reporting_day('deals.created_at') }} as created_day,
        deals.file_id,
        deals.row_number
    from deals
    left join deal_stages on deals.deal_stage_key = deal_stages.deal_stage_key
    left join accounts on trim(split_part(deals.associated_company_ids, ';', 1)) = accounts.crm_account_id
    left join aliases on trim(split_part(deals.associated_contact_ids, ';', 1)) = aliases.crm_contact_id
    left join contacts on aliases.survivor_id = contacts.crm_contact_id
    left join contact_accounts on contacts.contact_key = contact_accounts.contact_key
),

final as (
    select
        {{ surrogate_key(["'hubspot'", 'described.crm_deal_id']) }} as opportunity_id,
        described.primary_contact_key,
        described.account_key,
        described.pipeline,
        described.stage,
        described.is_closed,
        described.is_won,
        described.is_excluded,
        described.opportunity_type,
        described.owner_name,
        described.amount,
        described.currency,
        -- The rate of the day the opportunity was created (V10).
        cast(round(described.amount * fx_rates.rate_to_reporting, 2) as decimal(18, 2)) as amount_reporting,
        case when described.amount is not null then fx_rates.rate_date end as fx_rate_date,
        described.created_at,
        described.closed_at,
        described.file_id,
        described.row_number
    from described
    left join fx_rates
        on
            described.currency = fx_rates.currency
            and described.created_day >= fx_rates.rate_date
            and described.created_day < fx_rates.next_rate_date
)

select * from final
