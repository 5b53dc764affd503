-- From the whole: each posting of won revenue, what a deal was won for and every change of it, goes out in each
-- model to the cent.
{{ config(meta={'dagster': {'ref': {'name': 'fct_adjustment_credits'}}}) }}
with postings as (
    select * from {{ ref('int_revenue_postings') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

credits as (
    select * from {{ ref('int_revenue_postings_credited') }}
)

select
    postings.posting_id,
    attribution_models.attribution_model,
    sum(credits.credited_amount) as credited_amount,
    postings.amount_reporting
from postings
cross join attribution_models
left join credits
    on
        postings.posting_id = credits.posting_id
        and attribution_models.attribution_model = credits.attribution_model
group by postings.posting_id, attribution_models.attribution_model, postings.amount_reporting
having sum(credits.credited_amount) is distinct from postings.amount_reporting
