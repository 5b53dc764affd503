-- From the whole: whatever is credited to touches is in the cohorts, by model and channel, once; and at the end
-- of its months a cohort has come to what it is.
{{ config(meta={'dagster': {'ref': {'name': 'fct_cost_cohorts'}}}) }}
with credits as (
    select * from {{ ref('fct_attribution_credits') }}
    where touch_id is not null
),

cohorts as (
    select * from {{ ref('fct_cost_cohorts') }}
),

cohort_months as (
    select * from {{ ref('fct_cost_cohort_months') }}
),

credited as (
    select
        attribution_model,
        channel,
        sum(case when conversion_type = 'lead' then credit else 0 end) as leads,
        sum(case when conversion_type = 'closed_won' then credit else 0 end) as customers,
        sum(case when conversion_type = 'closed_won' then coalesce(credited_amount, 0) else 0 end) as revenue_amount
    from credits
    group by attribution_model, channel
),

grouped as (
    select
        attribution_model,
        channel,
        sum(leads) as leads,
        sum(customers) as customers,
        sum(revenue_amount) as revenue_amount
    from cohorts
    group by attribution_model, channel
),

ripened as (
    select
        cost_cohort_id,
        sum(leads) as leads,
        sum(revenue_amount) as revenue_amount,
        max(cumulative_revenue_amount) as cumulative_revenue_amount
    from cohort_months
    group by cost_cohort_id
),

final as (
    select
        credited.attribution_model as what,
        credited.channel
    from credited
    left join grouped
        on credited.attribution_model = grouped.attribution_model and credited.channel = grouped.channel
    where
        grouped.channel is null
        or abs(grouped.leads - credited.leads) > 0.000001
        or abs(grouped.customers - credited.customers) > 0.000001
        or grouped.revenue_amount <> credited.revenue_amount
    union all
    select
        cohorts.cost_cohort_id as what,
        cohorts.channel
    from cohorts
    left join ripened on cohorts.cost_cohort_id = ripened.cost_cohort_id
    where
        ripened.cost_cohort_id is null
        or abs(ripened.leads - cohorts.leads) > 0.000001
        or ripened.revenue_amount <> cohorts.revenue_amount
        or ripened.cumulative_revenue_amount <> cohorts.revenue_amount
)

select * from final
