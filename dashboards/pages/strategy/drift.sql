-- What live campaigns do against what was declared, the farthest first.
select
    drifts.campaign_key,
    campaigns.campaign_name,
    coalesce(campaigns.campaign_family, 'Unfiled') as campaign_family,
    drifts.attribute,
    coalesce(drifts.declared, cast(round(100 * drifts.declared_share) as bigint) || '%') as declared,
    coalesce(drifts.executed, cast(round(100 * drifts.executed_share) as bigint) || '%') as executed,
    drifts.drift,
    drifts.is_drifted
from strategy.fct_intent_drift as drifts
left join core.dim_campaigns as campaigns on drifts.campaign_key = campaigns.campaign_key
where drifts.is_known
order by drifts.drift desc, campaigns.campaign_name, drifts.attribute
