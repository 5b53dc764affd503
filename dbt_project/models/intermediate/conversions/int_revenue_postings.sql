-- The books of won revenue: what each deal was won for, then each change of it. The CRM shows a deal's
-- amount as it is now, so what it was won for is that less what was corrected since.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
    where conversion_type = 'closed_won'
),

changes as (
    select * from {{ ref('int_revenue_changes_priced') }}
    where conversion_id is not null
),

fx_rates as (
    select * from {{ ref('int_fx_rates_dated') }}
),

corrections as (
    select
        conversion_id,
        sum(amount_delta) as amount_delta
    from changes
    where change_type = 'amount_change'
    group by conversion_id
),

originals as (
    select
        conversions.conversion_id,
        cast(conversions.amount - coalesce(corrections.amount_delta, 0) as decimal(18, 2)) as amount,
        conversions.currency,
        case
            when corrections.conversion_id is null then conversions.amount_reporting
            else {{ in_reporting_currency(
                '(conversions.amount - corrections.amount_delta)', 'fx_rates.rate_to_reporting'
            ) }}
        end as amount_reporting,
        conversions.fx_rate_date,
        conversions.converted_at
    from conversions
    left join corrections on conversions.conversion_id = corrections.conversion_id
    left join fx_rates
        on conversions.currency = fx_rates.currency and conversions.fx_rate_date = fx_rates.rate_date
),

final as (
    select
        {{ surrogate_key(["'original'", 'conversion_id']) }} as posting_id,
        cast(null as {{ dbt.type_string() }}) as revenue_change_id,
        conversion_id,
        'original' as posting_type,
        amount,
        currency,
        amount_reporting,
        fx_rate_date,
        {{ reporting_day('converted_at') }} as converted_date,
        {{ reporting_day('converted_at') }} as booked_date
    from originals
    union all
    select
        {{ surrogate_key(["'change'", 'revenue_change_id']) }} as posting_id,
        revenue_change_id,
        conversion_id,
        change_type as posting_type,
        amount_delta as amount,
        currency,
        amount_delta_reporting as amount_reporting,
        fx_rate_date,
        {{ reporting_day('converted_at') }} as converted_date,
        booked_date
    from changes
)

select * from final
