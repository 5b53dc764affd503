-- The detail of every ad report, and which of them is the money. Campaign, ad group and keyword
-- reports, breakdowns, and the same table by another door are one spend told several times: of an
-- account and day (or period) one report counts, all of it, and the others explain it.
with lines as (
    select * from {{ ref('int_ad_report_lines_named') }}
),

summed as (
    select
        platform,
        report_name,
        report_level,
        breakdown,
        detail,
        ad_account_id,
        ad_campaign_name,
        ad_group_id,
        ad_group_name,
        ad_id,
        ad_name,
        currency,
        is_daily,
        date_day,
        period_start_date,
        period_end_date,
        -- A day is one, whichever files its rows lie in; a period is what its file says.
        case when is_daily is false then file_id end as file_id,
        max(source_timezone) as source_timezone,
        max(ad_campaign_id) as ad_campaign_id,
        max(ad_campaign_type) as ad_campaign_type,
        cast(sum(spend) as decimal(28, 6)) as spend,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        cast(sum(platform_conversions) as decimal(28, 4)) as platform_conversions,
        cast(sum(platform_conversion_value) as decimal(28, 6)) as platform_conversion_value,
        max(ingested_at) as ingested_at
    from lines
    group by
        platform,
        report_name,
        report_level,
        breakdown,
        detail,
        ad_account_id,
        ad_campaign_name,
        ad_group_id,
        ad_group_name,
        ad_id,
        ad_name,
        currency,
        is_daily,
        date_day,
        period_start_date,
        period_end_date,
        case when is_daily is false then file_id end
),

newest as (
    select
        *,
        concat_ws('|', report_name, report_level, breakdown) as report_key,
        case report_level
            when 'campaign' then 1
            when 'ad_group' then 2
            when 'ad' then 3
            when 'keyword' then 4
            when 'location' then 5
            when 'search_term' then 6
            -- Of the whole account: no campaign stands beside it.
            else 7
        end as report_rank
    from summed
    -- The same period downloaded again replaces the earlier download.
    qualify
        is_daily
        or file_id = max(file_id) over (
            partition by
                platform, report_name, report_level, breakdown, period_start_date, period_end_date, ad_account_id,
                ad_campaign_name, currency
        )
),

delivered as (
    select
        *,
        max(ingested_at) over (
            partition by platform, ad_account_id, is_daily, date_day, period_start_date, period_end_date, report_key
        ) as delivered_at,
        max(case when spend is not null then 1 else 0 end) over (
            partition by platform, ad_account_id, is_daily, date_day, period_start_date, period_end_date, report_key
        ) as tells_spend
    from newest
),

final as (
    select
        platform,
        report_name,
        report_level,
        breakdown,
        detail,
        ad_account_id,
        ad_campaign_id,
        ad_campaign_name,
        ad_campaign_type,
        ad_group_id,
        ad_group_name,
        ad_id,
        ad_name,
        currency,
        source_timezone,
        spend,
        impressions,
        clicks,
        platform_conversions,
        platform_conversion_value,
        is_daily,
        date_day,
        period_start_date,
        period_end_date,
        file_id,
        -- One from which the spend was left out tells none. Then: without a breakdown before with
        -- one, the coarsest level, the newest delivery; the name last.
        first_value(report_key) over (
            partition by platform, ad_account_id, is_daily, date_day, period_start_date, period_end_date
            order by
                tells_spend desc,
                case when breakdown is null then 0 else 1 end asc,
                report_rank asc,
                delivered_at desc,
                report_key asc
        ) = report_key
        -- A breakdown of an account that nobody names may be that of one which is counted already.
        and not (report_level = 'account' and breakdown is not null and ad_account_id = platform) as is_counted
    from delivered
)

select * from final
