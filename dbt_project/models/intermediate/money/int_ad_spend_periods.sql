-- A report without days is a fact of its period: never spread over days, and held against the days
-- where both were delivered.
with reports as (
    select * from {{ ref('stg_google_ads__campaign_reports') }}
    where is_daily is false
),

files as (
    select * from {{ ref('stg_ops__files') }}
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

daily as (
    select * from {{ ref('int_ad_spend_daily') }}
),

summed as (
    select
        reports.file_id,
        files.period_start_date,
        files.period_end_date,
        reports.ad_account_id,
        reports.ad_campaign_name,
        reports.currency,
        max(reports.ad_campaign_type) as ad_campaign_type,
        cast(sum(reports.spend) as decimal(18, 2)) as spend,
        cast(sum(reports.impressions) as bigint) as impressions,
        cast(sum(reports.clicks) as bigint) as clicks,
        cast(sum(reports.platform_conversions) as double) as platform_conversions
    from reports
    inner join files on reports.file_id = files.file_id
    group by
        reports.file_id,
        files.period_start_date,
        files.period_end_date,
        reports.ad_account_id,
        reports.ad_campaign_name,
        reports.currency
),

newest as (
    select *
    from summed
    -- The same period downloaded again replaces the earlier download.
    qualify row_number() over (
        partition by period_start_date, period_end_date, ad_account_id, ad_campaign_name, currency
        order by file_id desc
    ) = 1
),

compared as (
    select
        newest.file_id,
        newest.ad_account_id,
        newest.ad_campaign_name,
        newest.currency,
        cast(sum(daily.spend) as decimal(18, 2)) as daily_spend
    from newest
    inner join daily
        on
            newest.ad_account_id = daily.ad_account_id
            and newest.ad_campaign_name = daily.ad_campaign_name
            and newest.currency = daily.currency
            and newest.period_start_date <= daily.date_day
            and newest.period_end_date >= daily.date_day
    group by newest.file_id, newest.ad_account_id, newest.ad_campaign_name, newest.currency
),

final as (
    select
        {{ surrogate_key([
            "'google_ads'", 'newest.file_id', 'newest.ad_account_id', 'newest.ad_campaign_name', 'newest.currency',
        ]) }} as ad_spend_period_id,
        newest.file_id,
        'google_ads' as platform,
        newest.ad_account_id,
        newest.ad_campaign_name,
        campaigns_matched.campaign_key,
        campaigns_matched.campaign_name,
        coalesce(channels.channel, 'Paid Other') as channel,
        newest.spend,
        newest.currency,
        cast(round(newest.spend * fx_rates.rate_to_reporting, 2) as decimal(18, 2)) as spend_reporting,
        fx_rates.rate_date as fx_rate_date,
        newest.impressions,
        newest.clicks,
        newest.platform_conversions,
        compared.daily_spend,
        -- The vendor rounds each line of each report on its own: a few cents are no difference.
        abs(newest.spend - compared.daily_spend) <= 0.05 as is_reconciled,
        newest.period_start_date,
        newest.period_end_date
    from newest
    inner join campaigns_matched
        on
            newest.ad_campaign_name = campaigns_matched.ad_campaign_name
            and coalesce(newest.period_start_date, cast('1970-01-01' as date))
            = coalesce(campaigns_matched.seen_on, cast('1970-01-01' as date))
    left join channels on newest.ad_campaign_type = channels.ad_campaign_type
    left join compared
        on
            newest.file_id = compared.file_id
            and newest.ad_account_id = compared.ad_account_id
            and newest.ad_campaign_name = compared.ad_campaign_name
            and newest.currency = compared.currency
    left join fx_rates
        on
            newest.currency = fx_rates.currency
            and newest.period_end_date >= fx_rates.rate_date
            and newest.period_end_date < fx_rates.next_rate_date
)

select * from final
