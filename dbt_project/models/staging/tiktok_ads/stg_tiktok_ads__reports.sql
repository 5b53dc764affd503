with reports as (
    select * from {{ source('current_tiktok_ads', 'reports') }}
),

parsed as (
    select
        *,
        {{ json_text('dimensions', '$.campaign_id') }} as dimension_campaign_id,
        {{ json_text('dimensions', '$.adgroup_id') }} as dimension_adgroup_id,
        {{ json_text('dimensions', '$.ad_id') }} as dimension_ad_id,
        {{ json_text('dimensions', '$.age') }} as dimension_age,
        {{ json_text('dimensions', '$.gender') }} as dimension_gender,
        {{ json_text('dimensions', '$.country_code') }} as dimension_country,
        {{ json_text('dimensions', '$.platform') }} as dimension_platform,
        {{ json_text('dimensions', '$.province_id') }} as dimension_province,
        coalesce(
            {{ json_text('dimensions', '$.stat_time_day') }},
            {{ json_text('dimensions', '$.stat_time_hour') }}
        ) as stat_time,
        {{ json_text('metrics', '$.spend') }} as metric_spend,
        {{ json_text('metrics', '$.impressions') }} as metric_impressions,
        {{ json_text('metrics', '$.clicks') }} as metric_clicks,
        {{ json_text('metrics', '$.conversion') }} as metric_conversion
    from reports
),

final as (
    select
        case
            when dimension_ad_id is not null then 'ad'
            when dimension_adgroup_id is not null then 'ad_group'
            when dimension_campaign_id is not null then 'campaign'
            else 'account'
        end as report_level,
        nullif(concat_ws(
            '+',
            case when dimension_age is not null then 'age' end,
            case when dimension_gender is not null then 'gender' end,
            case when dimension_country is not null then 'country' end,
            case when dimension_platform is not null then 'platform' end,
            case when dimension_province is not null then 'province' end
        ), '') as breakdown,
        nullif(concat_ws(
            ', ', dimension_age, dimension_gender, dimension_country, dimension_platform, dimension_province
        ), '') as detail,
        {{ json_text('dimensions', '$.advertiser_id') }} as ad_account_id,
        coalesce(dimension_campaign_id, {{ json_text('metrics', '$.campaign_id') }}) as ad_campaign_id,
        {{ json_text('metrics', '$.campaign_name') }} as ad_campaign_name,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_type,
        coalesce(dimension_adgroup_id, {{ json_text('metrics', '$.adgroup_id') }}) as ad_group_id,
        {{ json_text('metrics', '$.adgroup_name') }} as ad_group_name,
        dimension_ad_id as ad_id,
        {{ json_text('metrics', '$.ad_name') }} as ad_name,
        upper({{ json_text('metrics', '$.currency') }}) as currency,
        {{ parse_money('metric_spend', 6) }} as spend,
        {{ parse_integer('metric_impressions') }} as impressions,
        {{ parse_integer('metric_clicks') }} as clicks,
        {{ parse_number('metric_conversion', 4) }} as platform_conversions,
        cast(null as decimal(18, 6)) as platform_conversion_value,
        {{ parse_day('stat_time') }} as date_day,
        cast(null as date) as period_start_date,
        cast(null as date) as period_end_date,
        stat_time is not null as is_daily,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from parsed
)

select * from final
