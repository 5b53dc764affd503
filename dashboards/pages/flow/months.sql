-- The same by the month of the request in the reporting zone.
select
    cast(date_trunc('month', requested_at at time zone 'UTC' at time zone $zone) as date) as month_start_date,
    approval_step,
    count(*) as rounds,
    median(business_hours) as median_hours,
    avg(cast(is_on_time as integer)) as on_time_rate
from operations.fct_approval_rounds
group by all
order by month_start_date, approval_step
