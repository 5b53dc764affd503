with insights as (
    select * from {{ source('current_meta_ads', 'insights') }}
),

final as (
    select
        case
            when ad_id is not null then 'ad'
            when adset_id is not null then 'ad_group'
            when campaign_id is not null then 'campaign'
            else 'account'
        end as report_level,
        nullif(concat_ws(
            '+',
            case when age is not null then 'age' end,
            case when gender is not null then 'gender' end,
            case when country is not null then 'country' end,
            case when region is not null then 'region' end,
            case when device_platform is not null then 'device_platform' end,
            case when publisher_platform is not null then 'platform' end
        ), '') as breakdown,
        nullif(concat_ws(', ', age, gender, country, region, device_platform, publisher_platform), '') as detail,
        replace(account_id, 'act_', '') as ad_account_id,
        campaign_id as ad_campaign_id,
        {{ clean_text('campaign_name') }} as ad_campaign_name,
        objective as ad_campaign_type,
        adset_id as ad_group_id,
        adset_name as ad_group_name,
        ad_id,
        ad_name,
        upper(account_currency) as currency,
        {{ parse_money('spend', 6) }} as spend,
        {{ parse_integer('impressions') }} as impressions,
        case
            when {{ is_told_by_file('inline_link_clicks') }} is false then {{ parse_integer('clicks') }}
            -- The API leaves out what is none.
            when inline_link_clicks is null then 0
            else {{ parse_integer('inline_link_clicks') }}
        end as clicks,
        cast({{ actions_sum('actions', ['purchase', 'lead']) }} as decimal(18, 4)) as platform_conversions,
        cast({{ actions_sum('action_values', ['purchase', 'lead']) }} as decimal(18, 6)) as platform_conversion_value,
        case when date_start = date_stop then {{ parse_day('date_start') }} end as date_day,
        case when date_start <> date_stop then {{ parse_day('date_start') }} end as period_start_date,
        case when date_start <> date_stop then {{ parse_day('date_stop') }} end as period_end_date,
        date_start = date_stop as is_daily,
        {{ parse_integer('reach') }} as reach,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from insights
)

select * from final
