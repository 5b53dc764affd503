with ad_spend as (
    select * from {{ ref('int_ad_spend_daily') }}
),

final as (
    select
        ad_spend_id,
        date_day,
        platform,
        ad_account_id,
        campaign_key,
        campaign_name,
        channel,
        spend,
        currency,
        spend_reporting,
        fx_rate_date,
        impressions,
        clicks,
        platform_conversions,
        platform_conversion_value,
        report_level,
        breakdown,
        is_provisional,
        source_timezone
    from ad_spend
)

select * from final
