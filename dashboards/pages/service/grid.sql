-- Rounds of approval by kind, person and month of the request, and how many were answered in time.
select
    approval_step,
    owner_name,
    cast(date_trunc('month', requested_at at time zone 'UTC' at time zone $zone) as date) as month_start_date,
    count(*) as rounds,
    count(is_within_sla) as judged,
    count(*) filter (where is_within_sla) as on_time
from operations.fct_approval_rounds
group by all
order by approval_step, owner_name, month_start_date
