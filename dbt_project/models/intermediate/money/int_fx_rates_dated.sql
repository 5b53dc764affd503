-- A rate holds from its date until the next one of its currency.
with fx_rates as (
    select * from {{ ref('fx_rates') }}
),

final as (
    select
        currency,
        rate_date,
        coalesce(
            lead(rate_date) over (partition by currency order by rate_date), cast('9999-12-31' as date)
        ) as next_rate_date,
        cast(rate_to_reporting as double) as rate_to_reporting
    from fx_rates
    union all
    select
        '{{ var("reporting_currency") }}' as currency,
        cast('1970-01-01' as date) as rate_date,
        cast('9999-12-31' as date) as next_rate_date,
        cast(1 as double) as rate_to_reporting
)

select * from final
