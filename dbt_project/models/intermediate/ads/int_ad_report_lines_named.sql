-- Every line with its account, campaign and period, whatever its source leaves out: numbers get the
-- names of their histories, a name the account seed's number, a line without an account the
-- platform's only one, a deleted campaign its number for a name. A campaign is its number under all
-- names that it had, and goes by the newest.
with lines as (
    select * from {{ ref('int_ad_report_lines_unioned') }}
),

files as (
    select * from {{ ref('stg_ops__files') }}
),

entities as (
    select * from {{ ref('int_ad_entities') }}
),

ad_accounts as (
    select * from {{ ref('ad_accounts') }}
),

names_told as (
    select * from {{ ref('int_campaign_names_told') }}
),

newest_names as (
    select * from names_told
    where is_newest
),

placed as (
    select
        lines.*,
        coalesce(lines.ad_campaign_id, ads.ad_campaign_id, ad_groups.ad_campaign_id, names_told.ad_campaign_id)
            as campaign_id,
        coalesce(lines.ad_account_id, ads.ad_account_id, ad_groups.ad_account_id) as account_id
    from lines
    left join entities as ads
        on lines.platform = ads.platform and ads.entity_level = 'ad' and lines.ad_id = ads.entity_id
    left join entities as ad_groups
        on
            lines.platform = ad_groups.platform
            and ad_groups.entity_level = 'ad_group'
            and lines.ad_group_id = ad_groups.entity_id
    left join names_told
        on
            lines.platform = names_told.platform
            and {{ masked('lines.ad_campaign_name') }} = names_told.told_name
            and names_told.is_of_one_campaign
),

-- The type of a campaign in whichever report says it. Keywords are bid on in search campaigns alone.
campaign_types as (
    select
        platform,
        coalesce(campaign_id, ad_campaign_name) as campaign,
        coalesce(
            case when min(ad_campaign_type) = max(ad_campaign_type) then max(ad_campaign_type) end,
            max(case when report_level = 'keyword' and ad_campaign_type is null then 'Search' end)
        ) as ad_campaign_type
    from placed
    group by platform, coalesce(campaign_id, ad_campaign_name)
),

named as (
    select
        placed.*,
        coalesce(
            names_told.newest_name,
            placed.ad_campaign_name,
            newest_names.newest_name,
            campaigns.entity_name,
            placed.campaign_id
        ) as campaign_name,
        coalesce(placed.ad_campaign_type, campaigns.entity_type, campaign_types.ad_campaign_type) as campaign_type,
        coalesce(by_name.ad_account_id, placed.account_id, campaigns.ad_account_id) as named_account_id,
        coalesce(placed.period_start_date, files.period_start_date) as starts_on,
        coalesce(placed.period_end_date, files.period_end_date) as ends_on
    from placed
    left join files on placed.file_id = files.file_id
    left join entities as campaigns
        on
            placed.platform = campaigns.platform
            and campaigns.entity_level = 'campaign'
            and placed.campaign_id = campaigns.entity_id
    left join names_told
        on
            placed.platform = names_told.platform
            and placed.campaign_id = names_told.ad_campaign_id
            and {{ masked('placed.ad_campaign_name') }} = names_told.told_name
    left join newest_names
        on placed.platform = newest_names.platform and placed.campaign_id = newest_names.ad_campaign_id
    left join campaign_types
        on
            placed.platform = campaign_types.platform
            and coalesce(placed.campaign_id, placed.ad_campaign_name) = campaign_types.campaign
    left join ad_accounts as by_name
        on placed.platform = by_name.platform and placed.account_id = by_name.ad_account_name
),

accounted as (
    select
        *,
        case
            when
                min(named_account_id) over (partition by platform)
                = max(named_account_id) over (partition by platform)
                then max(named_account_id) over (partition by platform)
        end as only_account_id
    from named
),

zoned as (
    select
        accounted.platform,
        accounted.report_name,
        accounted.report_level,
        accounted.breakdown,
        {{ masked('accounted.detail') }} as detail,
        coalesce({{ masked('coalesce(accounted.named_account_id, accounted.only_account_id)') }}, accounted.platform)
            as ad_account_id,
        {{ masked('accounted.campaign_id') }} as ad_campaign_id,
        coalesce(
            {{ masked(
                'coalesce(accounted.campaign_name, accounted.ad_group_name, accounted.ad_name, accounted.ad_id)'
            ) }},
            '(not by campaign)'
        ) as ad_campaign_name,
        {{ masked('accounted.campaign_type') }} as ad_campaign_type,
        accounted.ad_group_id,
        {{ masked('accounted.ad_group_name') }} as ad_group_name,
        accounted.ad_id,
        {{ masked('accounted.ad_name') }} as ad_name,
        coalesce(
            {{ masked('accounted.currency') }},
            own.currency,
            platforms.currency,
            {{ by_source('source_currencies', 'accounted.platform') }}
        ) as currency,
        coalesce(own.time_zone, platforms.time_zone, {{ by_source('source_time_zones', 'accounted.platform') }})
            as source_timezone,
        -- No less than nothing: int_records_set_aside has what is no figure of an ad.
        case when accounted.spend >= 0 then {{ plausible_amount('accounted.spend') }} end as spend,
        case when accounted.impressions >= 0 then {{ plausible_amount('accounted.impressions') }} end as impressions,
        case when accounted.clicks >= 0 then {{ plausible_amount('accounted.clicks') }} end as clicks,
        {{ plausible_amount('accounted.platform_conversions') }} as platform_conversions,
        {{ plausible_amount('accounted.platform_conversion_value') }} as platform_conversion_value,
        accounted.is_daily,
        accounted.date_day,
        case when accounted.is_daily is false then accounted.starts_on end as period_start_date,
        case when accounted.is_daily is false then accounted.ends_on end as period_end_date,
        accounted.file_id,
        accounted.row_number,
        accounted.ingested_at
    from accounted
    left join ad_accounts as own
        on
            accounted.platform = own.platform
            and coalesce(accounted.named_account_id, accounted.only_account_id) = own.ad_account_id
    left join ad_accounts as platforms on accounted.platform = platforms.platform and platforms.ad_account_id = '*'
),

final as (
    select * from zoned
    -- A day that cannot be read is no day; the delivery suite names the row. Any other comes where its account is:
    -- reports of Sydney's morning are of a day that has not begun by UTC.
    where
        is_daily is false
        or (date_day >= {{ facts_since() }} and date_day <= {{ source_day(as_of_at(), 'source_timezone') }})
)

select * from final
