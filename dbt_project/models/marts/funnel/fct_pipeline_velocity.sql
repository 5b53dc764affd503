-- How fast the pipeline turns into revenue, with every factor; and how far it covers what is left of
-- the quota. As of the run's clock.
with opportunities as (
    select * from {{ ref('int_opportunities_segmented') }}
),

quotas as (
    select * from {{ ref('sales_quotas') }}
    -- The one of the run's day.
    where
        period_start_date <= {{ reporting_day(as_of_at()) }}
        and period_end_date >= {{ reporting_day(as_of_at()) }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_dated') }}
),

priced_quotas as (
    select
        quotas.segment,
        quotas.period_start_date,
        quotas.period_end_date,
        {{ in_reporting_currency('quotas.amount', 'fx_rates.rate_to_reporting') }} as quota_amount
    from quotas
    left join fx_rates
        on {{ is_rate_of_day('fx_rates', 'quotas.currency', 'quotas.period_start_date') }}
),

measured as (
    select
        opportunities.segment,
        cast(sum(case when opportunities.is_open then 1 else 0 end) as bigint) as open_opportunities,
        cast(sum(case when opportunities.is_open_qualified then 1 else 0 end) as bigint)
            as qualified_open_opportunities,
        cast(
            sum(case when opportunities.is_open then coalesce(opportunities.amount_reporting, 0) else 0 end)
            as decimal(18, 2)
        ) as open_amount,
        cast(sum(case when opportunities.is_decided then 1 else 0 end) as bigint) as decided_opportunities,
        cast(sum(case when opportunities.is_decided and opportunities.is_won then 1 else 0 end) as bigint)
            as won_opportunities,
        sum(case when opportunities.is_decided and opportunities.is_won then opportunities.amount_reporting end)
            as won_amount,
        count(case when opportunities.is_decided and opportunities.is_won then opportunities.amount_reporting end)
            as won_with_amount,
        cast(percentile_cont(0.5) within group (
            order by case when opportunities.is_decided and opportunities.is_won then opportunities.cycle_us end
        ) as double) / 86400000000.0 as median_cycle_days,
        bool_or(opportunities.is_unpriced and (opportunities.is_open or opportunities.is_won)) as is_amount_partial,
        max(priced_quotas.period_start_date) as quota_start_date,
        max(priced_quotas.period_end_date) as quota_end_date,
        max(priced_quotas.quota_amount) as quota_amount,
        cast(sum(
            case
                when
                    opportunities.is_won
                    and opportunities.closed_date >= priced_quotas.period_start_date
                    and opportunities.closed_date <= priced_quotas.period_end_date
                    then coalesce(opportunities.amount_reporting, 0)
                else 0
            end
        ) as decimal(18, 2)) as won_in_period_amount
    from opportunities
    left join priced_quotas on opportunities.segment = priced_quotas.segment
    group by opportunities.segment
),

factored as (
    select
        *,
        {{ ratio('won_opportunities', 'decided_opportunities') }} as win_rate,
        {{ ratio('won_amount', 'won_with_amount') }} as average_deal_amount,
        quota_amount - won_in_period_amount as remaining_quota_amount
    from measured
),

final as (
    select
        segment,
        segment = 'All' as is_total,
        open_opportunities,
        qualified_open_opportunities,
        open_amount,
        decided_opportunities,
        won_opportunities,
        win_rate,
        average_deal_amount,
        median_cycle_days,
        {{ ratio('qualified_open_opportunities * win_rate * average_deal_amount', 'median_cycle_days') }}
            as velocity_per_day,
        is_amount_partial,
        decided_opportunities < {{ var('small_sample_size') }} as is_small_sample,
        quota_start_date,
        quota_end_date,
        quota_amount,
        case when quota_amount is not null then won_in_period_amount end as won_in_period_amount,
        cast(remaining_quota_amount as decimal(18, 2)) as remaining_quota_amount,
        -- Where nothing remains, nothing is left to be covered.
        case
            when remaining_quota_amount > 0 then {{ ratio('open_amount', 'remaining_quota_amount') }}
        end as pipeline_coverage
    from factored
)

select * from final
