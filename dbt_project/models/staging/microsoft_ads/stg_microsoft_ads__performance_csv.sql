with performance_csv as (
    select * from {{ source('current_microsoft_ads', 'performance_csv') }}
),

final as (
    select
        case
            when search_query is not null then 'search_term'
            when keyword_id is not null then 'keyword'
            when country is not null or location_id is not null then 'location'
            when ad_id is not null then 'ad'
            when ad_group_id is not null then 'ad_group'
            when campaign_id is not null then 'campaign'
            else 'account'
        end as report_level,
        cast(null as {{ dbt.type_string() }}) as breakdown,
        coalesce(search_query, keyword_id, city, state, country) as detail,
        account_id as ad_account_id,
        campaign_id as ad_campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_name,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_type,
        ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_name,
        ad_id,
        cast(null as {{ dbt.type_string() }}) as ad_name,
        upper(currency_code) as currency,
        {{ parse_money('spend', 6) }} as spend,
        {{ parse_integer('impressions') }} as impressions,
        {{ parse_integer('clicks') }} as clicks,
        case
            when {{ is_told_by_file('conversions_qualified') }} then {{ parse_number('conversions_qualified', 4) }}
            else {{ parse_number('conversions', 4) }}
        end as platform_conversions,
        {{ parse_money('revenue', 6) }} as platform_conversion_value,
        {{ parse_day('date') }} as date_day,
        cast(null as date) as period_start_date,
        cast(null as date) as period_end_date,
        true as is_daily,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from performance_csv
)

select * from final
