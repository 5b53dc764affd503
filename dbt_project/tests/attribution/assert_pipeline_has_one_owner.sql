-- From the whole: sourced and not sourced are each month's pipeline to the cent, in the sum of the channels and
-- in the total; attributed is it, too; and the total's influence is no more than it.
{{ config(meta={'dagster': {'ref': {'name': 'fct_pipeline_contribution'}}}) }}
with opportunities as (
    select * from {{ ref('fct_opportunities') }}
),

contribution as (
    select * from {{ ref('fct_pipeline_contribution') }}
),

pipeline as (
    select
        cast(date_trunc('month', {{ reporting_day('created_at') }}) as date) as month_start_date,
        count(*) as opportunities,
        coalesce(sum(amount_reporting), 0) as amount
    from opportunities
    group by cast(date_trunc('month', {{ reporting_day('created_at') }}) as date)
),

found as (
    select
        month_start_date,
        is_total,
        sum(sourced_opportunities + not_sourced_opportunities) as opportunities,
        sum(sourced_amount + not_sourced_amount) as amount,
        sum(attributed_amount) as attributed_amount,
        max(influenced_opportunities) as influenced_opportunities
    from contribution
    group by month_start_date, is_total
),

sides as (
    select true as is_total
    union all
    select false as is_total
)

select
    pipeline.month_start_date,
    sides.is_total,
    pipeline.amount,
    found.amount as found_amount
from pipeline
cross join sides
left join found on pipeline.month_start_date = found.month_start_date and sides.is_total = found.is_total
where
    found.opportunities is distinct from pipeline.opportunities
    or found.amount is distinct from pipeline.amount
    or found.attributed_amount is distinct from pipeline.amount
    or found.influenced_opportunities > pipeline.opportunities
