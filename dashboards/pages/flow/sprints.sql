-- What sprints committed to and delivered, the newest first.
select
    sprint_name,
    sprint_calendar,
    committed_count,
    delivered_count,
    delivery_rate,
    scope_change_rate,
    is_small_sample,
    is_over,
    starts_at
from operations.fct_sprint_commitments
order by starts_at desc, sprint_calendar
