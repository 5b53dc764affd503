-- A report without days is a fact of its period: never spread over days, and held against the days
-- where both were delivered.
with periods as (
    select * from {{ ref('int_ad_spend_priced') }}
    where is_daily is false
),

daily as (
    select * from {{ ref('int_ad_spend_priced') }}
    where is_daily
),

compared as (
    select
        periods.file_id,
        periods.platform,
        periods.ad_account_id,
        periods.ad_campaign_name,
        periods.currency,
        periods.period_start_date,
        periods.period_end_date,
        cast(sum(daily.spend) as decimal(18, 2)) as daily_spend
    from periods
    inner join daily
        on
            periods.platform = daily.platform
            and periods.ad_account_id = daily.ad_account_id
            and periods.ad_campaign_name = daily.ad_campaign_name
            and periods.currency = daily.currency
            and periods.period_start_date <= daily.date_day
            and periods.period_end_date >= daily.date_day
    group by
        periods.file_id,
        periods.platform,
        periods.ad_account_id,
        periods.ad_campaign_name,
        periods.currency,
        periods.period_start_date,
        periods.period_end_date
),

final as (
    select
        {{ surrogate_key([
            'periods.platform', 'periods.file_id', 'periods.ad_account_id', 'periods.ad_campaign_name',
            'periods.currency', 'periods.period_start_date', 'periods.period_end_date',
        ]) }} as ad_spend_period_id,
        periods.file_id,
        periods.platform,
        periods.ad_account_id,
        periods.ad_campaign_name,
        periods.campaign_key,
        periods.campaign_name,
        periods.channel,
        periods.report_name,
        periods.report_level,
        periods.breakdown,
        periods.spend,
        periods.currency,
        periods.spend_reporting,
        periods.fx_rate_date,
        periods.impressions,
        periods.clicks,
        periods.platform_conversions,
        periods.platform_conversion_value,
        compared.daily_spend,
        -- The vendor rounds each line of each report on its own: a few cents are no difference.
        abs(periods.spend - compared.daily_spend) <= 0.05 as is_reconciled,
        periods.source_timezone,
        periods.period_start_date,
        periods.period_end_date
    from periods
    left join compared
        on
            periods.file_id = compared.file_id
            and periods.platform = compared.platform
            and periods.ad_account_id = compared.ad_account_id
            and periods.ad_campaign_name = compared.ad_campaign_name
            and periods.currency = compared.currency
            and periods.period_start_date = compared.period_start_date
            and periods.period_end_date = compared.period_end_date
)

select * from final
