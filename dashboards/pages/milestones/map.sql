-- Objective, campaign, milestone: broken chains first.
select
    coalesce(maps.objective, maps.objective_id, 'No objective') as objective,
    maps.campaign_key,
    maps.campaign_name,
    coalesce(campaigns.campaign_family, 'Unfiled') as campaign_family,
    maps.milestone_name,
    maps.milestone_state,
    maps.owner_name,
    maps.baseline_planned_at,
    maps.current_planned_at,
    maps.actual_at,
    maps.held_up_by,
    maps.is_operationally_real,
    maps.is_counted_in_totals
from operations.fct_milestone_map as maps
left join core.dim_campaigns as campaigns on maps.campaign_key = campaigns.campaign_key
order by
    max(cast(maps.is_first_break as integer)) over (partition by maps.campaign_key) desc,
    case maps.milestone_state when 'overdue' then 1 when 'planned' then 2 when 'cancelled' then 4 else 3 end,
    maps.campaign_name,
    maps.seq nulls last,
    maps.milestone_map_id
