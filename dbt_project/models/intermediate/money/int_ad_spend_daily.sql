with reports as (
    select * from {{ ref('stg_google_ads__campaign_reports') }}
    -- A day that cannot be read is no day; the delivery suite names the row.
    where is_daily and date_day is not null and date_day <= cast({{ as_of_at() }} as date)
),

campaigns_matched as (
    select * from {{ ref('int_ad_campaigns_matched') }}
),

channels as (
    select * from {{ ref('ad_campaign_channels') }}
    where platform = 'google_ads'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_dated') }}
),

-- A report with a segment (device, network) has several rows a campaign and day.
summed as (
    select
        date_day,
        ad_account_id,
        ad_campaign_name,
        currency,
        max(ad_campaign_id) as ad_campaign_id,
        max(ad_campaign_type) as ad_campaign_type,
        cast(sum(spend) as decimal(18, 2)) as spend,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        cast(sum(platform_conversions) as double) as platform_conversions
    from reports
    group by date_day, ad_account_id, ad_campaign_name, currency
),

final as (
    select
        {{ surrogate_key([
            "'google_ads'", 'summed.ad_account_id', 'summed.ad_campaign_name', 'summed.currency', 'summed.date_day',
        ]) }} as ad_spend_id,
        'google_ads' as platform,
        summed.ad_account_id,
        summed.ad_campaign_id,
        summed.ad_campaign_name,
        campaigns_matched.campaign_key,
        campaigns_matched.campaign_name,
        coalesce(channels.channel, 'Paid Other') as channel,
        summed.spend,
        summed.currency,
        cast(round(summed.spend * fx_rates.rate_to_reporting, 2) as decimal(18, 2)) as spend_reporting,
        fx_rates.rate_date as fx_rate_date,
        summed.impressions,
        summed.clicks,
        summed.platform_conversions,
        summed.date_day
    from summed
    inner join campaigns_matched
        on summed.ad_campaign_name = campaigns_matched.ad_campaign_name and summed.date_day = campaigns_matched.seen_on
    left join channels on summed.ad_campaign_type = channels.ad_campaign_type
    left join fx_rates
        on
            summed.currency = fx_rates.currency
            and summed.date_day >= fx_rates.rate_date
            and summed.date_day < fx_rates.next_rate_date
)

select * from final
