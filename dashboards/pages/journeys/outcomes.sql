-- Which sessions and clicks can earn credit, and why the others cannot.
select
    touch_type,
    outcome,
    is_credited,
    candidate_count
from quality.fct_touch_outcomes
order by candidate_count desc, touch_type, outcome
