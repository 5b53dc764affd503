-- Revenue and spend by month and model of the channels that are credited most.
with largest as (
    select channel
    from attribution.fct_channel_performance_daily
    where is_headline_model
    group by channel
    having sum(revenue_amount) > 0
    order by sum(revenue_amount) desc, channel
    limit 8
)

select
    cast(date_trunc('month', days.date_day) as date) as month_start_date,
    days.channel,
    days.attribution_model,
    sum(days.revenue_amount) as revenue_amount,
    nullif(sum(days.spend_reporting), 0) as known_spend
from attribution.fct_channel_performance_daily as days
inner join largest on days.channel = largest.channel
group by all
order by month_start_date, days.channel, days.attribution_model
