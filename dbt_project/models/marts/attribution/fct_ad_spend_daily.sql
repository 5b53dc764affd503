with ad_spend as (
    select * from {{ ref('int_ad_spend_daily') }}
),

reload_windows as (
    select * from {{ ref('reload_windows') }}
),

final as (
    select
        ad_spend.ad_spend_id,
        ad_spend.date_day,
        ad_spend.platform,
        ad_spend.ad_account_id,
        ad_spend.campaign_key,
        ad_spend.campaign_name,
        ad_spend.channel,
        ad_spend.spend,
        ad_spend.currency,
        ad_spend.spend_reporting,
        ad_spend.fx_rate_date,
        ad_spend.impressions,
        ad_spend.clicks,
        ad_spend.platform_conversions,
        ad_spend.platform_conversion_value,
        ad_spend.report_level,
        ad_spend.breakdown,
        coalesce(
            {{ days_between('ad_spend.date_day', source_day(as_of_at(), 'ad_spend.source_timezone')) }}
            < reload_windows.reload_days,
            false
        ) as is_provisional,
        ad_spend.source_timezone
    from ad_spend
    left join reload_windows on ad_spend.platform = reload_windows.platform
)

select * from final
