-- What the spend of each month brought, by channel and model, the newest first and within it the largest spend.
select
    month_start_date,
    channel,
    attribution_model,
    is_headline_model,
    case when is_mature then 'mature' else 'still growing' end as maturity,
    spend_reporting,
    leads,
    customers,
    revenue_amount,
    return_on_ad_spend,
    return_on_investment
from attribution.fct_cost_cohorts
where spend_reporting > 0
order by month_start_date desc, spend_reporting desc, channel, attribution_model
