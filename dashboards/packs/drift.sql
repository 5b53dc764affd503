-- Where what was done is not what was declared, the farthest first, and what changed since the meeting
-- before without a word in brief or register.
select
    campaign_name,
    attribute,
    declared,
    executed,
    drift,
    changed_on
from (
    select
        campaigns.campaign_name,
        drifts.attribute,
        coalesce(drifts.declared, printf('%.0f %% of the money', 100 * drifts.declared_share)) as declared,
        coalesce(drifts.executed, printf('%.0f %%', 100 * drifts.executed_share)) as executed,
        drifts.drift,
        cast(null as date) as changed_on
    from strategy.fct_intent_drift as drifts
    inner join core.dim_campaigns as campaigns on drifts.campaign_key = campaigns.campaign_key
    where drifts.is_drifted
    union all
    select
        campaigns.campaign_name,
        changes.attribute,
        cast(null as varchar) as declared,
        changes.executed_value as executed,
        cast(null as double) as drift,
        changes.changed_on
    from strategy.fct_unrecorded_changes as changes
    inner join core.dim_campaigns as campaigns on changes.campaign_key = campaigns.campaign_key
    where
        changes.is_unrecorded
        and changes.changed_on >= cast($since at time zone 'UTC' at time zone $zone as date)
        and changes.changed_on < $day
)
order by drift desc nulls last, changed_on, campaign_name, attribute, executed
