-- Two reports of the same changes, never mixed: one restates the month of the win, the other books each
-- change when it came. Whoever sums over both counts every change twice.
with changes as (
    select * from {{ ref('int_revenue_changes_priced') }}
    -- A refund of a deal that nobody won has no revenue to be taken from: the audit names it.
    where conversion_id is not null
),

based as (
    select
        'conversion_period' as reporting_basis,
        {{ reporting_day('converted_at') }} as period_date,
        *
    from changes
    union all
    select
        'booking_period' as reporting_basis,
        booked_date as period_date,
        *
    from changes
),

final as (
    select
        {{ surrogate_key(['revenue_change_id', 'reporting_basis']) }} as conversion_adjustment_id,
        revenue_change_id,
        reporting_basis,
        conversion_id,
        opportunity_id,
        change_type,
        reason,
        cast(date_trunc('month', period_date) as date) as month_start_date,
        period_date,
        booked_date,
        amount_delta,
        currency,
        amount_delta_reporting,
        fx_rate_date
    from based
)

select * from final
