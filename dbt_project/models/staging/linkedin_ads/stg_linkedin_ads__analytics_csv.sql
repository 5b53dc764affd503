with analytics_csv as (
    select * from {{ source('current_linkedin_ads', 'analytics_csv') }}
),

final as (
    select
        case when creative_id is not null then 'ad' else 'campaign' end as report_level,
        case
            when member_country is not null then 'member_country'
            when member_region is not null then 'member_region'
        end as breakdown,
        coalesce(member_country, member_region) as detail,
        cast(null as {{ dbt.type_string() }}) as ad_account_id,
        campaign_id as ad_campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_name,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_type,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_name,
        creative_id as ad_id,
        cast(null as {{ dbt.type_string() }}) as ad_name,
        cast(null as {{ dbt.type_string() }}) as currency,
        {{ parse_money('cost_in_local_currency', 6) }} as spend,
        {{ parse_integer('impressions') }} as impressions,
        {{ parse_integer('clicks') }} as clicks,
        case
            when {{ is_told_by_file('external_website_conversions') }}
                then {{ parse_number('external_website_conversions', 4) }}
            else {{ parse_number('external_website_post_click_conversions', 4) }}
        end as platform_conversions,
        {{ parse_money('conversion_value_in_local_currency', 6) }} as platform_conversion_value,
        {{ parse_day('day') }} as date_day,
        {{ parse_day("concat(month, '-01')") }} as period_start_date,
        last_day({{ parse_day("concat(month, '-01')") }}) as period_end_date,
        day is not null as is_daily,
        {{ parse_money('cost_in_usd', 6) }} as spend_usd,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from analytics_csv
)

select * from final
