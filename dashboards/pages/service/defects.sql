-- Blockers of one kind that came sprint after sprint.
select
    blocker_category,
    workflow_step,
    accountable_role,
    sprint_count,
    is_standing,
    reason
from operations.fct_process_defects
order by is_standing desc, sprint_count desc, process_defect_id
