-- Campaigns that are to be launched and whose brief is not ready to be planned (S1-28).
select
    campaign_name,
    current_planned_at,
    launch_state
from operations.fct_campaign_launches
where not is_cancelled and evidenced_live_at is null and is_brief_ready is not true
order by current_planned_at nulls last, campaign_name
