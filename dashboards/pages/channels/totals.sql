-- Revenue of each channel by the headline model.
select
    channel,
    sum(revenue_amount) as revenue_amount,
    sum(revenue_amount) / nullif(sum(sum(revenue_amount)) over (), 0) as revenue_share
from attribution.fct_channel_performance_daily
where is_headline_model
group by channel
having sum(revenue_amount) > 0
order by revenue_amount desc, channel
