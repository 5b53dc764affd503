-- Which lines of which reports a day's spend of a campaign was summed from. A view for `throughline
-- explain`: nothing else reads it.
{{ config(materialized='view') }}

with ad_spend as (
    select * from {{ ref('int_ad_spend_daily') }}
),

lines as (
    select * from {{ ref('int_ad_report_lines_named') }}
    where is_daily
),

final as (
    select
        ad_spend.ad_spend_id,
        ad_spend.channel,
        lines.spend,
        ad_spend.currency,
        lines.file_id,
        lines.row_number
    from ad_spend
    inner join lines
        on
            ad_spend.platform = lines.platform
            and ad_spend.report_name = lines.report_name
            and ad_spend.report_level = lines.report_level
            and coalesce(ad_spend.breakdown, '') = coalesce(lines.breakdown, '')
            and ad_spend.ad_account_id = lines.ad_account_id
            and ad_spend.ad_campaign_name = lines.ad_campaign_name
            and coalesce(ad_spend.currency, '') = coalesce(lines.currency, '')
            and ad_spend.date_day = lines.date_day
)

select * from final
