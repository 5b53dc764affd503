-- The money of a day. What reads this and not the mart, which tells the days that are provisional, stands
-- while the clock alone moves on.
with ad_spend as (
    select * from {{ ref('int_ad_spend_priced') }}
    where is_daily
),

final as (
    select
        {{ surrogate_key(['platform', 'ad_account_id', 'ad_campaign_name', 'currency', 'date_day']) }} as ad_spend_id,
        platform,
        ad_account_id,
        ad_campaign_id,
        ad_campaign_name,
        campaign_key,
        campaign_name,
        channel,
        report_name,
        report_level,
        breakdown,
        spend,
        currency,
        spend_reporting,
        fx_rate_date,
        impressions,
        clicks,
        platform_conversions,
        platform_conversion_value,
        source_timezone,
        date_day
    from ad_spend
)

select * from final
