-- Where work waits, the most first.
select
    workflow_step,
    step_kind,
    waiting_hours,
    lead_time_share,
    explained_slip_share
from operations.fct_step_drag
order by lead_time_share desc nulls last, step_kind, workflow_step
