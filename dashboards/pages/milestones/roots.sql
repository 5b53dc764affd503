-- The first milestone of each chain that is past its date and not done, those that hold up most first.
select
    maps.campaign_key,
    maps.campaign_name,
    coalesce(campaigns.campaign_family, 'Unfiled') as campaign_family,
    maps.milestone_name,
    maps.owner_name,
    maps.held_up_count,
    maps.held_up_from_date,
    maps.held_up_to_date,
    coalesce(maps.objective, maps.objective_id) as objective,
    maps.metric_label,
    maps.baseline_planned_at,
    concat(
        maps.campaign_name, ' is stuck at ', coalesce(maps.milestone_name, maps.milestone_key), ', which ',
        maps.owner_name, case when maps.owner_name = 'Unassigned' then ' (nobody)' else '' end, ' has to do: it holds up ',
        maps.held_up_count, case when maps.held_up_count = 1 then ' milestone' else ' milestones' end,
        coalesce(concat(' of “', maps.objective, '”'), '')
    ) as sentence
from operations.fct_milestone_map as maps
left join core.dim_campaigns as campaigns on maps.campaign_key = campaigns.campaign_key
where maps.is_first_break
order by maps.held_up_count desc, maps.baseline_planned_at, maps.campaign_name, maps.milestone_map_id
