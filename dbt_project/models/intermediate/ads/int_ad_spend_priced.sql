-- What counts as spend, once: per campaign and day or period, with its registered campaign, its
-- channel and the rate of its day (of a period: of its last day, or of its first where that is all it
-- says).
with reports as (
    select * from {{ ref('int_ad_reports_unioned') }}
    where is_counted
),

campaigns_matched as (
    select * from {{ ref('int_ad_campaigns_matched') }}
),

channels as (
    select * from {{ ref('ad_campaign_channels') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_dated') }}
),

summed as (
    select
        platform,
        ad_account_id,
        ad_campaign_name,
        currency,
        is_daily,
        date_day,
        period_start_date,
        period_end_date,
        file_id,
        max(report_name) as report_name,
        max(report_level) as report_level,
        max(breakdown) as breakdown,
        max(source_timezone) as source_timezone,
        max(ad_campaign_id) as ad_campaign_id,
        max(ad_campaign_type) as ad_campaign_type,
        cast(sum(spend) as decimal(18, 2)) as spend,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        cast(sum(platform_conversions) as double) as platform_conversions,
        cast(sum(platform_conversion_value) as decimal(18, 2)) as platform_conversion_value
    from reports
    group by
        platform,
        ad_account_id,
        ad_campaign_name,
        currency,
        is_daily,
        date_day,
        period_start_date,
        period_end_date,
        file_id
),

final as (
    select
        summed.platform,
        summed.ad_account_id,
        summed.ad_campaign_id,
        summed.ad_campaign_name,
        campaigns_matched.campaign_key,
        campaigns_matched.campaign_name,
        coalesce(channels.channel, platform_channels.channel, 'Paid Other') as channel,
        summed.report_name,
        summed.report_level,
        summed.breakdown,
        summed.spend,
        summed.currency,
        {{ in_reporting_currency('summed.spend', 'fx_rates.rate_to_reporting') }} as spend_reporting,
        fx_rates.rate_date as fx_rate_date,
        fx_rates.rate_to_reporting as fx_rate,
        summed.impressions,
        summed.clicks,
        summed.platform_conversions,
        summed.platform_conversion_value,
        summed.source_timezone,
        summed.is_daily,
        summed.date_day,
        summed.period_start_date,
        summed.period_end_date,
        summed.file_id
    from summed
    inner join campaigns_matched
        on
            summed.ad_campaign_name = campaigns_matched.ad_campaign_name
            and coalesce(summed.date_day, summed.period_start_date, cast('1970-01-01' as date))
            = coalesce(campaigns_matched.seen_on, cast('1970-01-01' as date))
    left join channels
        on
            summed.platform = channels.platform
            and lower(replace(summed.ad_campaign_type, '_', ' ')) = lower(channels.ad_campaign_type)
    left join channels as platform_channels
        on summed.platform = platform_channels.platform and platform_channels.ad_campaign_type = '*'
    left join fx_rates
        on {{ is_rate_of_day(
            'fx_rates', 'summed.currency', 'coalesce(summed.date_day, summed.period_end_date, summed.period_start_date)'
        ) }}
)

select * from final
