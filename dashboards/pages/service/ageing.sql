-- How long each kind of blocker lasts.
select
    blocker_category,
    count(*) as blockers,
    count(*) filter (where is_open) as open_blockers,
    median(open_hours) as median_hours,
    quantile_cont(open_hours, .9) as p90_hours
from operations.fct_blockers
group by blocker_category
order by median_hours desc nulls last, blocker_category
