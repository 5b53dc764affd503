-- Channels with spend, by the headline model, the best return first, beside what any model says.
with returns as (
    select
        channel,
        attribution_model,
        is_headline_model,
        sum(revenue_amount) / sum(spend_reporting) as return_on_ad_spend,
        (sum(revenue_amount) * $gross_margin_rate - sum(spend_reporting)) / sum(spend_reporting) as return_on_investment
    from attribution.fct_channel_performance_daily
    group by channel, attribution_model, is_headline_model
    having sum(spend_reporting) > 0
),

models as (
    select
        *,
        min(return_on_ad_spend) over (partition by channel) as lowest_return_on_ad_spend,
        max(return_on_ad_spend) over (partition by channel) as highest_return_on_ad_spend,
        bool_and(return_on_investment > 0) over (partition by channel) as is_earned_by_every_model
    from returns
)

select * exclude (attribution_model, is_headline_model)
from models
where is_headline_model
order by return_on_investment desc, channel
