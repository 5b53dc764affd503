-- Milestones of each campaign along its chain.
select
    campaign_key,
    milestone_name,
    owner_name,
    baseline_planned_at,
    current_planned_at,
    actual_at,
    actual_date_source,
    case when is_plan_history_known is not false then replan_count end as replan_count,
    is_plan_history_known,
    is_done,
    is_first_break,
    case
        when is_done and is_on_time is false then 'done_late'
        when is_done then 'done'
        when is_on_time is false then 'overdue'
        else 'open'
    end as state
from operations.fct_milestones
order by campaign_key, seq nulls last, baseline_planned_at, milestone_id
