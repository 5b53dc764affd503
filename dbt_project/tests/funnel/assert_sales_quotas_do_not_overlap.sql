-- A day that two quotas of one segment hold has no one quota; a period that ends before it starts has none.
with sales_quotas as (
    select * from {{ ref('sales_quotas') }}
),

final as (
    select
        earlier.segment,
        earlier.period_start_date
    from sales_quotas as earlier
    inner join sales_quotas as later
        on
            earlier.segment = later.segment
            and earlier.period_start_date < later.period_start_date
            and earlier.period_end_date >= later.period_start_date
    union all
    select
        segment,
        period_start_date
    from sales_quotas
    where period_end_date < period_start_date
)

select * from final
