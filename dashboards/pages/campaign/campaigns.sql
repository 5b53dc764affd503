-- Every campaign: its newest brief, its launch, and what came of it.
with briefs as (
    select *
    from operations.fct_campaign_briefs
    where is_latest_version and campaign_key is not null
    qualify row_number() over (partition by campaign_key order by submitted_at desc nulls last, brief_version_id) = 1
)

select
    campaigns.campaign_key,
    campaigns.campaign_name,
    campaigns.utm_campaign,
    campaigns.campaign_family,
    campaigns.campaign_type,
    coalesce(objectives.objective, campaigns.goal_id) as objective,
    campaigns.owner_name,
    campaigns.is_registered,
    coalesce(launches.is_cancelled, campaigns.cancelled_at is not null) as is_cancelled,
    launches.launch_state,
    launches.slip_days,
    launches.baseline_planned_at,
    launches.current_planned_at,
    launches.evidenced_live_at,
    briefs.brief_id,
    briefs.version,
    briefs.why,
    briefs.for_whom,
    briefs.what_offer,
    briefs.success_metric,
    briefs.budget,
    briefs.budget_currency,
    briefs.is_ready,
    briefs.answered_count,
    outcomes.touch_count,
    outcomes.leads,
    outcomes.spend_reporting,
    outcomes.pipeline_amount,
    outcomes.revenue_amount
from core.dim_campaigns as campaigns
left join strategy.fct_objectives as objectives on campaigns.goal_id = objectives.objective_id
left join briefs on campaigns.campaign_key = briefs.campaign_key
left join operations.fct_campaign_launches as launches on campaigns.campaign_key = launches.campaign_key
left join operations.fct_campaign_execution_outcomes as outcomes on campaigns.campaign_key = outcomes.campaign_key
order by campaigns.campaign_key
