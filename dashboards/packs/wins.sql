-- What went well since the meeting before (S1-41): milestones done by their baseline, a row a campaign.
select
    campaigns.campaign_name,
    count(*) as milestones,
    string_agg(milestones.milestone_name, ', ' order by milestones.actual_at, milestones.milestone_name) as names
from operations.fct_milestones as milestones
inner join core.dim_campaigns as campaigns on milestones.campaign_key = campaigns.campaign_key
where milestones.is_on_time and milestones.actual_at >= $since and milestones.actual_at < $until
group by campaigns.campaign_name
order by milestones desc, campaigns.campaign_name
