-- Objectives with the milestones of the campaigns that serve them; one that serves two counts in both.
select
    coalesce(maps.objective, maps.objective_id, 'No objective') as objective,
    max(maps.metric_label) as metric_label,
    count(distinct maps.campaign_key) as campaigns,
    count(*) as milestones,
    count(*) filter (where maps.milestone_state in ('done', 'done_late')) as done,
    count(*) filter (where maps.milestone_state = 'done_late') as done_late,
    count(*) filter (where maps.milestone_state = 'overdue') as overdue,
    count(*) filter (where maps.is_held_up) as held_up,
    max(objectives.outcome_progress) as outcome_progress,
    max(objectives.lacks) as lacks
from operations.fct_milestone_map as maps
left join strategy.fct_objectives as objectives on maps.objective_id = objectives.objective_id
group by maps.objective_id, maps.objective
order by held_up desc, overdue desc, objective
