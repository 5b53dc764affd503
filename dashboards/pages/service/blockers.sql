-- Blockers, the open first and of them the oldest.
select
    blockers.campaign_key,
    campaigns.campaign_name,
    coalesce(campaigns.campaign_family, 'Unfiled') as campaign_family,
    coalesce(blockers.task_name, blockers.reason, blockers.task_id) as task_name,
    nullif(blockers.reason, coalesce(blockers.task_name, blockers.reason)) as reason,
    blockers.blocker_category,
    blockers.owner_name,
    blockers.is_open,
    case when blockers.is_open then 'open' else 'closed' end as state,
    blockers.open_hours,
    blockers.due_at,
    blockers.opened_at
from operations.fct_blockers as blockers
left join core.dim_campaigns as campaigns on blockers.campaign_key = campaigns.campaign_key
order by blockers.is_open desc, blockers.open_hours desc nulls last, blockers.blocker_id
