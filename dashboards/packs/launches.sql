-- Launches of the last and the next two weeks, and those that are overdue.
select
    campaign_name,
    baseline_planned_at,
    current_planned_at,
    evidenced_live_at,
    slip_days,
    is_brief_ready,
    is_unapproved,
    blocked_approval_count,
    launch_state
from operations.fct_campaign_launches
where
    not is_cancelled
    and (
        coalesce(evidenced_live_at, current_planned_at) between $until - interval 14 day and $until + interval 14 day
        or (evidenced_live_at is null and current_planned_at < $until)
    )
order by current_planned_at nulls last, campaign_name
