-- Steps of campaigns for which nobody, or more than one, answers; the errors first.
select
    gaps.campaign_key,
    campaigns.campaign_name,
    coalesce(campaigns.campaign_family, 'Unfiled') as campaign_family,
    gaps.workflow_step,
    gaps.gap,
    gaps.severity,
    gaps.accountable_role
from operations.fct_raci_gaps as gaps
left join core.dim_campaigns as campaigns on gaps.campaign_key = campaigns.campaign_key
order by gaps.severity, campaigns.campaign_name, gaps.workflow_step, gaps.gap
