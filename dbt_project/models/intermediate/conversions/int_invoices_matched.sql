-- What was billed for won deals. In the deal's currency it has the deal's rate: rates that move between the win
-- and the invoice are no disagreement of the two systems.
with invoices as (
    select * from {{ ref('stg_templates__invoices') }}
    -- One without a number is told by the delivery's audit; one of 0 was cancelled; what is billed after the run's
    -- clock is not known yet.
    where
        invoice_id is not null
        and amount <> 0
        and {{ plausible_amount('amount') }} is not null
        and billed_date <= {{ reporting_day(as_of_at()) }}
        and billed_date >= {{ facts_since() }}
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

matched as (
    select
        invoices.invoice_id,
        invoices.crm_deal_id,
        {{ deal_named('deal_ids', 'conversions') }} as deal_named,
        invoices.amount,
        coalesce({{ masked('invoices.currency') }}, conversions.currency) as currency,
        invoices.billed_date,
        conversions.conversion_id,
        conversions.converted_at,
        case
            when coalesce({{ masked('invoices.currency') }}, conversions.currency) = conversions.currency
                then conversions.fx_rate_date
            else invoices.billed_date
        end as priced_date,
        invoices.file_id,
        invoices.row_number
    from invoices
    left join deal_ids
        on {{ names_deal('invoices', 'deal_ids') }}
    left join conversions on deal_ids.opportunity_id = conversions.opportunity_id
),

final as (
    select
        matched.invoice_id,
        matched.crm_deal_id,
        matched.deal_named,
        matched.conversion_id,
        matched.amount,
        matched.currency,
        {{ in_reporting_currency('matched.amount', 'fx_rates.rate_to_reporting') }} as amount_reporting,
        fx_rates.rate_date as fx_rate_date,
        matched.billed_date,
        coalesce({{ reporting_day('matched.converted_at') }}, matched.billed_date) as compared_date,
        matched.file_id,
        matched.row_number
    from matched
    left join fx_rates
        on {{ is_rate_of_day('fx_rates', 'matched.currency', 'matched.priced_date') }}
)

select * from final
