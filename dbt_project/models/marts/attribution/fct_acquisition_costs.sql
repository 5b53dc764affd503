-- What a new customer cost, by three bases of cost that are never mixed: paid is ad spend; blended adds
-- offline media, events, production and agencies; fully_loaded adds every other cost, such as tools,
-- and those that say no kind.
with ad_spend as (
    select * from {{ ref('int_ad_spend_monthly') }}
),

offline_costs as (
    select * from {{ ref('int_offline_costs') }}
    where period_start_date <= {{ reporting_day(as_of_at()) }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }}
    -- A won deal without a readable close is a customer of no month.
    where is_won and closed_at is not null
),

dates as (
    select
        date_day,
        {{ month_index('date_day') }} as month_no
    from {{ ref('dim_dates') }}
),

-- A cost of a period belongs to its days; the cents that rounding leaves over go to the later ones.
offline_days as (
    select
        offline_costs.cost_id,
        coalesce(offline_costs.cost_type, 'other') as cost_type,
        cast(round(offline_costs.amount_reporting * 100, 0) as bigint) as cents,
        dates.month_no,
        row_number() over (partition by offline_costs.cost_id order by dates.date_day) as day_no,
        count(*) over (partition by offline_costs.cost_id) as day_count
    from offline_costs
    inner join dates
        on offline_costs.period_start_date <= dates.date_day and offline_costs.period_end_date >= dates.date_day
),

costs as (
    select
        month_no,
        'paid' as cost_basis,
        spend_reporting as cost,
        is_spend_partial as is_partial
    from ad_spend
    union all
    select
        month_no,
        case
            when cost_type in ('media', 'production', 'agency', 'event') then 'blended'
            else 'fully_loaded'
        end as cost_basis,
        cast(
            cast(
                floor(cast(cents * day_no as double) / day_count)
                - floor(cast(cents * (day_no - 1) as double) / day_count) as decimal(18, 2)
            ) / 100 as decimal(18, 2)
        ) as cost,
        -- A cost without a rate is one all the same.
        cents is null as is_partial
    from offline_days
),

bases as (
    select
        'paid' as cost_basis,
        1 as basis_order
    union all
    select
        'blended' as cost_basis,
        2 as basis_order
    union all
    select
        'fully_loaded' as cost_basis,
        3 as basis_order
),

customers as (
    select
        coalesce(account_key, opportunity_id) as customer_key,
        min(closed_at) as first_won_at
    from opportunities
    group by coalesce(account_key, opportunity_id)
),

won as (
    select
        {{ month_index(reporting_day('first_won_at')) }} as month_no,
        cast(count(*) as bigint) as new_customers
    from customers
    group by {{ month_index(reporting_day('first_won_at')) }}
),

-- How long a won deal took, in whole months: by so much the lagged cost was earlier.
cycle as (
    select
        cast(round(
            percentile_cont(0.5) within group (order by {{ epoch_us('closed_at') }} - {{ epoch_us('created_at') }})
            / 2629746000000.0, 0
        ) as bigint) as lag_months
    from opportunities
),

months as (
    select month_no from costs
    union
    select month_no from won
),

summed as (
    select
        months.month_no,
        bases.cost_basis,
        -- Where all there is has no price nothing is known; where there is nothing, nothing was spent.
        cast(
            coalesce(sum(costs.cost), case when bool_or(costs.is_partial) then null else 0 end) as decimal(18, 2)
        ) as cost,
        coalesce(bool_or(costs.is_partial), false) as is_partial
    from months
    cross join bases
    left join bases as included on bases.basis_order >= included.basis_order
    left join costs on months.month_no = costs.month_no and included.cost_basis = costs.cost_basis
    group by months.month_no, bases.cost_basis
),

final as (
    select
        {{ surrogate_key(['summed.month_no', 'summed.cost_basis']) }} as acquisition_cost_id,
        {{ month_start('summed.month_no') }} as month_start_date,
        summed.cost_basis,
        summed.cost,
        summed.is_partial,
        coalesce(won.new_customers, cast(0 as bigint)) as new_customers,
        {{ ratio('summed.cost', 'won.new_customers') }} as customer_acquisition_cost,
        cycle.lag_months,
        lagged.cost as lagged_cost,
        lagged.is_partial as is_lagged_partial,
        {{ ratio('lagged.cost', 'won.new_customers') }} as lagged_customer_acquisition_cost
    from summed
    cross join cycle
    left join won on summed.month_no = won.month_no
    left join summed as lagged
        on summed.cost_basis = lagged.cost_basis and summed.month_no - cycle.lag_months = lagged.month_no
)

select * from final
