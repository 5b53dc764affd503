-- The kind of approval that is answered in time least often.
select
    approval_step,
    avg(cast(is_within_sla as integer)) as on_time_rate
from operations.fct_approval_rounds
where is_within_sla is not null
group by approval_step
order by on_time_rate, approval_step
limit 1
