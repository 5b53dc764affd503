-- How far what each live campaign does is from what was declared.
select
    campaign_key,
    attribute,
    coalesce(declared, case when declared_share is not null then concat(round(100 * declared_share), ' %') end) as declared,
    coalesce(executed, case when executed_share is not null then concat(round(100 * executed_share), ' %') end) as executed,
    drift,
    is_drifted
from strategy.fct_intent_drift
where is_known
order by campaign_key, drift desc, attribute
