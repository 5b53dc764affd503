-- How long answers take, by kind of approval; the slowest tenth first.
select
    approval_step,
    count(*) as rounds,
    median(business_hours) as median_hours,
    quantile_cont(business_hours, .9) as p90_hours,
    avg(cast(is_on_time as integer)) as on_time_rate,
    avg(cast(is_first_pass as integer)) as first_pass_rate,
    count(*) filter (where decision = 'pending') as open_rounds
from operations.fct_approval_rounds
group by approval_step
order by p90_hours desc nulls last, approval_step
