-- From the whole: in every model each conversion is shared out once, and its amount to the cent.
{{ config(meta={'dagster': {'ref': {'name': 'fct_attribution_credits'}}}) }}
with conversions as (
    select * from {{ ref('fct_conversions') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

credits as (
    select * from {{ ref('fct_attribution_credits') }}
)

select
    conversions.conversion_id,
    attribution_models.attribution_model,
    sum(credits.credit) as credit,
    sum(credits.credited_amount) as credited_amount,
    conversions.amount_reporting
from conversions
cross join attribution_models
left join credits
    on
        conversions.conversion_id = credits.conversion_id
        and attribution_models.attribution_model = credits.attribution_model
group by conversions.conversion_id, attribution_models.attribution_model, conversions.amount_reporting
having
    abs(coalesce(sum(credits.credit), 0) - 1) > 0.000000001
    or sum(credits.credited_amount) is distinct from conversions.amount_reporting
