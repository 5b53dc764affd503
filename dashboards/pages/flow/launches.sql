-- Launches with their slip and what was wrong with them.
select
    campaign_key,
    campaign_name,
    campaign_family,
    launch_state,
    is_on_time,
    slip_days,
    slip_business_days,
    replan_count,
    baseline_planned_at,
    evidenced_live_at,
    nullif(concat_ws(
        ', ',
        case when is_unapproved then 'not approved' end,
        case when is_ghost then 'said to be live, and nothing shows it' end,
        case when is_stealth then 'live before its brief' end,
        case when is_untracked then 'not tracked' end,
        case when is_unvalidated then 'tracking not checked' end
    ), '') as faults
from operations.fct_campaign_launches
where not is_cancelled
order by slip_days desc nulls last, campaign_name
