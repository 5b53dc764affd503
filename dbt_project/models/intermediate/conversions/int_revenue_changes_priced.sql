-- What changed of won revenue after the win: refunds that finance lists, and amounts that somebody
-- corrected in the CRM. What changed before the win is how the deal was won.
with refunds as (
    select * from {{ ref('stg_templates__refunds') }}
),

amount_changes as (
    select * from {{ ref('int_deal_amounts_changed') }}
),

deal_ids as (
    select * from {{ ref('int_crm_deal_ids_written') }}
),

conversions as (
    select * from {{ ref('int_conversions_unioned') }}
    where conversion_type = 'closed_won'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_dated') }}
),

changes as (
    select
        {{ surrogate_key(["'refund'", 'refunds.refund_id']) }} as revenue_change_id,
        'refund' as change_type,
        refunds.reason,
        refunds.crm_deal_id,
        {{ deal_named('deal_ids', 'conversions') }} as deal_named,
        deal_ids.opportunity_id,
        conversions.conversion_id,
        cast(-refunds.amount as decimal(18, 2)) as amount_delta,
        coalesce({{ masked('refunds.currency') }}, conversions.currency) as currency,
        conversions.converted_at,
        refunds.refunded_date as booked_date,
        refunds.file_id,
        refunds.row_number
    from refunds
    left join deal_ids
        on {{ names_deal('refunds', 'deal_ids') }}
    left join conversions on deal_ids.opportunity_id = conversions.opportunity_id
    -- One without an id is told by the delivery's audit; one of 0 was cancelled; what is booked after the run's
    -- clock is not known yet.
    where
        refunds.refund_id is not null
        and refunds.amount > 0
        and {{ plausible_amount('refunds.amount') }} is not null
        and refunds.refunded_date <= {{ reporting_day(as_of_at()) }}
        and refunds.refunded_date >= {{ facts_since() }}
    union all
    select
        {{ surrogate_key(["'amount_change'", 'amount_changes.amount_change_id']) }} as revenue_change_id,
        'amount_change' as change_type,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(null as {{ dbt.type_string() }}) as crm_deal_id,
        'won' as deal_named,
        amount_changes.opportunity_id,
        conversions.conversion_id,
        amount_changes.amount_delta,
        conversions.currency,
        conversions.converted_at,
        {{ reporting_day('amount_changes.changed_at') }} as booked_date,
        cast(null as bigint) as file_id,
        cast(null as bigint) as row_number
    from amount_changes
    inner join conversions on amount_changes.opportunity_id = conversions.opportunity_id
    where
        amount_changes.changed_at > conversions.converted_until_at
        -- An amount in a currency that the deal has no longer is none of its amounts.
        and coalesce(amount_changes.currency, conversions.currency) = conversions.currency
),

final as (
    select
        changes.revenue_change_id,
        changes.change_type,
        {{ masked('changes.reason') }} as reason,
        {{ masked('changes.crm_deal_id') }} as crm_deal_id,
        changes.deal_named,
        changes.opportunity_id,
        changes.conversion_id,
        changes.amount_delta,
        changes.currency,
        {{ in_reporting_currency('changes.amount_delta', 'fx_rates.rate_to_reporting') }} as amount_delta_reporting,
        fx_rates.rate_date as fx_rate_date,
        changes.converted_at,
        changes.booked_date,
        changes.file_id,
        changes.row_number
    from changes
    left join fx_rates
        on {{ is_rate_of_day('fx_rates', 'changes.currency', 'changes.booked_date') }}
)

select * from final
