with ad_spend as (
    select * from {{ ref('int_ad_spend_periods') }}
),

final as (
    select
        ad_spend_period_id,
        file_id,
        period_start_date,
        period_end_date,
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
        daily_spend,
        is_reconciled,
        month_start_date,
        undated_spend,
        undated_spend_reporting,
        report_level,
        breakdown,
        source_timezone
    from ad_spend
)

select * from final
