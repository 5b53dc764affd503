-- Every campaign with its launch and what came of it, the most revenue first.
select
    campaigns.campaign_key,
    campaigns.campaign_name,
    campaigns.campaign_family,
    campaigns.campaign_type,
    campaigns.owner_name,
    coalesce(launches.launch_state, 'not registered') as launch_state,
    launches.slip_days,
    coalesce(launches.is_delayed_over_threshold, false) as is_delayed_over_threshold,
    coalesce(launches.baseline_planned_at, cast(campaigns.planned_launch_date as timestamp)) as planned_on,
    outcomes.touch_count,
    outcomes.leads,
    outcomes.spend_reporting,
    outcomes.pipeline_amount,
    outcomes.revenue_amount,
    outcomes.revenue_amount / nullif(outcomes.spend_reporting, 0) as return_on_ad_spend
from core.dim_campaigns as campaigns
left join operations.fct_campaign_launches as launches on campaigns.campaign_key = launches.campaign_key
left join operations.fct_campaign_execution_outcomes as outcomes on campaigns.campaign_key = outcomes.campaign_key
order by outcomes.revenue_amount desc nulls last, campaigns.campaign_name, campaigns.campaign_key
