-- Ad spend of each campaign by month and platform.
select
    campaign_key,
    cast(date_trunc('month', date_day) as date) as month_start_date,
    platform,
    sum(spend_reporting) as spend_reporting,
    cast(sum(impressions) as bigint) as impressions,
    cast(sum(clicks) as bigint) as clicks
from attribution.fct_ad_spend_daily
where campaign_key is not null and date_day is not null
group by all
order by campaign_key, month_start_date desc, platform
