-- Revenue of each month by the headline model, the last first.
select
    cast(date_trunc('month', date_day) as date) as month_start_date,
    sum(revenue_amount) as revenue_amount
from attribution.fct_channel_performance_daily
where is_headline_model
group by all
order by month_start_date desc
