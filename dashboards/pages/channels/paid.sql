-- Channels with spend, by the headline model, the best return first.
select
    channel,
    sum(revenue_amount) / sum(spend_reporting) as return_on_ad_spend,
    (sum(revenue_amount) * $gross_margin_rate - sum(spend_reporting)) / sum(spend_reporting) as return_on_investment
from attribution.fct_channel_performance_daily
where is_headline_model
group by channel
having sum(spend_reporting) > 0
order by return_on_investment desc, channel
