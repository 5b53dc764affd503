-- What was cleared fastest since the meeting before (S1-41): the team's, so without a name.
select
    coalesce(blockers.task_name, blockers.reason) as item_name,
    campaigns.campaign_name,
    blockers.resolution_hours
from operations.fct_blockers as blockers
left join core.dim_campaigns as campaigns on blockers.campaign_key = campaigns.campaign_key
where
    blockers.resolved_at >= $since
    and blockers.resolved_at < $until
    and not blockers.is_open
    and blockers.resolution_hours is not null
order by blockers.resolution_hours, blockers.blocker_id
limit 1
