-- The chain of tasks that decided when each campaign could be launched, from the launch backwards.
select
    campaign_key,
    task_name,
    owner_name,
    is_done,
    lead_hours,
    wait_hours,
    due_at,
    finished_at
from operations.fct_critical_paths
order by campaign_key, step_no
