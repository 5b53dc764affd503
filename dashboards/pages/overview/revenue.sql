-- Pipeline, revenue and spend by month, channel and model.
select
    cast(date_trunc('month', date_day) as date) as month_start_date,
    channel,
    attribution_model,
    sum(pipeline_amount) as pipeline_amount,
    sum(revenue_amount) as revenue_amount,
    sum(spend_reporting) as spend_reporting,
    sum(leads) as leads,
    sum(customers) as customers
from attribution.fct_channel_performance_daily
group by all
order by month_start_date, channel, attribution_model
