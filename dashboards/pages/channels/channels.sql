-- Spend and what it brought by month, channel and model. Ratios are of months whose spend is known.
select
    cast(date_trunc('month', date_day) as date) as month_start_date,
    channel,
    attribution_model,
    sum(spend_reporting) as spend_reporting,
    -- What no report of spend names did not cost nothing: nobody knows.
    nullif(sum(spend_reporting), 0) as known_spend,
    bool_or(is_spend_partial) as is_spend_partial,
    sum(touches) as touches,
    sum(leads) as leads,
    sum(customers) as customers,
    sum(pipeline_amount) as pipeline_amount,
    sum(revenue_amount) as revenue_amount,
    case when sum(spend_reporting) is not null then sum(revenue_amount) end as revenue_with_spend,
    sum(revenue_amount) * $gross_margin_rate - sum(spend_reporting) as return_amount
from attribution.fct_channel_performance_daily
group by all
order by month_start_date, channel, attribution_model
