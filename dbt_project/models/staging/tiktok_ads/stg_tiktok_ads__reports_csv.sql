with reports_csv as (
    select * from {{ source('current_tiktok_ads', 'reports_csv') }}
),

final as (
    select
        case
            when ad_id is not null then 'ad'
            when adgroup_id is not null then 'ad_group'
            else 'campaign'
        end as report_level,
        case when country_code is not null then 'country' end as breakdown,
        country_code as detail,
        cast(null as {{ dbt.type_string() }}) as ad_account_id,
        campaign_id as ad_campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_name,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_type,
        adgroup_id as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_name,
        ad_id,
        cast(null as {{ dbt.type_string() }}) as ad_name,
        cast(null as {{ dbt.type_string() }}) as currency,
        {{ parse_money('spend', 6) }} as spend,
        {{ parse_integer('impressions') }} as impressions,
        {{ parse_integer('clicks') }} as clicks,
        {{ parse_number('conversion', 4) }} as platform_conversions,
        {{ parse_money('total_purchase_value', 6) }} as platform_conversion_value,
        {{ parse_day('stat_time') }} as date_day,
        cast(null as date) as period_start_date,
        cast(null as date) as period_end_date,
        true as is_daily,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from reports_csv
)

select * from final
