-- What blocked each campaign, the open first.
select
    campaign_key,
    coalesce(task_name, reason) as task_name,
    blocker_category,
    owner_name,
    is_open,
    open_hours,
    opened_at
from operations.fct_blockers
where campaign_key is not null
order by campaign_key, is_open desc, opened_at, blocker_id
