-- A rate to the reporting currency holds from its date until the next one of its currency; the
-- reporting currency's own is 1, whenever.
with fx_rates as (
    select * from {{ ref('fx_rates') }}
    where to_currency = '{{ var("reporting_currency") }}' and from_currency <> to_currency
),

final as (
    select
        from_currency as currency,
        rate_date,
        coalesce(
            lead(rate_date) over (partition by from_currency order by rate_date), cast('9999-12-31' as date)
        ) as next_rate_date,
        cast(rate as double) as rate_to_reporting
    from fx_rates
    union all
    select
        '{{ var("reporting_currency") }}' as currency,
        cast('1970-01-01' as date) as rate_date,
        cast('9999-12-31' as date) as next_rate_date,
        cast(1 as double) as rate_to_reporting
)

select * from final
