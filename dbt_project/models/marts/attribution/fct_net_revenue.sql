-- Won revenue less what was given back or corrected since, in both reports (4d). What a deal was won for
-- is the same in both; where its changes fall is not.
with postings as (
    select * from {{ ref('int_revenue_postings_credited') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

based as (
    select
        'conversion_period' as reporting_basis,
        converted_date as period_date,
        *
    from postings
    union all
    select
        'booking_period' as reporting_basis,
        booked_date as period_date,
        *
    from postings
),

summed as (
    select
        reporting_basis,
        cast(date_trunc('month', period_date) as date) as month_start_date,
        channel,
        attribution_model,
        cast(coalesce(sum(case when posting_type = 'original' then credited_amount end), 0) as decimal(18, 2))
            as original_amount,
        cast(coalesce(sum(case when posting_type = 'amount_change' then credited_amount end), 0) as decimal(18, 2))
            as amount_change_amount,
        cast(coalesce(sum(case when posting_type = 'refund' then credited_amount end), 0) as decimal(18, 2))
            as refund_amount,
        bool_or(is_unpriced) as is_amount_partial
    from based
    group by reporting_basis, cast(date_trunc('month', period_date) as date), channel, attribution_model
),

final as (
    select
        {{ surrogate_key([
            'summed.reporting_basis', 'summed.month_start_date', 'summed.channel', 'summed.attribution_model'
        ]) }} as net_revenue_id,
        summed.reporting_basis,
        summed.month_start_date,
        summed.channel,
        summed.attribution_model,
        attribution_models.is_headline as is_headline_model,
        summed.original_amount,
        summed.amount_change_amount,
        summed.refund_amount,
        cast(summed.original_amount + summed.amount_change_amount + summed.refund_amount as decimal(18, 2))
            as net_amount,
        summed.is_amount_partial
    from summed
    inner join attribution_models on summed.attribution_model = attribution_models.attribution_model
)

select * from final
