with ad_spend as (
    select * from {{ ref('int_ad_spend_priced') }}
    where is_daily
),

reload_windows as (
    select * from {{ ref('reload_windows') }}
),

final as (
    select
        {{ surrogate_key([
            'ad_spend.platform', 'ad_spend.ad_account_id', 'ad_spend.ad_campaign_name', 'ad_spend.currency',
            'ad_spend.date_day',
        ]) }} as ad_spend_id,
        ad_spend.platform,
        ad_spend.ad_account_id,
        ad_spend.ad_campaign_id,
        ad_spend.ad_campaign_name,
        ad_spend.campaign_key,
        ad_spend.campaign_name,
        ad_spend.channel,
        ad_spend.report_name,
        ad_spend.report_level,
        ad_spend.breakdown,
        ad_spend.spend,
        ad_spend.currency,
        ad_spend.spend_reporting,
        ad_spend.fx_rate_date,
        ad_spend.impressions,
        ad_spend.clicks,
        ad_spend.platform_conversions,
        ad_spend.platform_conversion_value,
        coalesce(
            {{ days_between('ad_spend.date_day', source_day(as_of_at(), 'ad_spend.source_timezone')) }}
            < reload_windows.reload_days,
            false
        ) as is_provisional,
        ad_spend.source_timezone,
        ad_spend.date_day
    from ad_spend
    left join reload_windows on ad_spend.platform = reload_windows.platform
)

select * from final
