with stats_csv as (
    select * from {{ source('current_google_ads', 'stats_csv') }}
),

final as (
    select
        case
            when search_term is not null then 'search_term'
            when criterion_id is not null then 'keyword'
            when ad_id is not null then 'ad'
            when id is not null and campaign_id is not null then 'ad_group'
            when id is not null then 'campaign'
            else 'account'
        end as report_level,
        cast(null as {{ dbt.type_string() }}) as breakdown,
        coalesce(search_term, criterion_id) as detail,
        concat(substr(customer_id, 1, 3), '-', substr(customer_id, 4, 3), '-', substr(customer_id, 7)) as ad_account_id,
        coalesce(campaign_id, case when ad_id is null and ad_group_id is null then id end) as ad_campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_name,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_type,
        coalesce(
            ad_group_id,
            case when campaign_id is not null then id end,
            nullif(regexp_extract(base_ad_group, '([0-9]+)$', 1), '')
        ) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_name,
        ad_id,
        cast(null as {{ dbt.type_string() }}) as ad_name,
        cast(null as {{ dbt.type_string() }}) as currency,
        {{ parse_micros('cost_micros') }} as spend,
        {{ parse_integer('impressions') }} as impressions,
        {{ parse_integer('clicks') }} as clicks,
        {{ parse_number('conversions', 4) }} as platform_conversions,
        {{ parse_money('conversions_value', 6) }} as platform_conversion_value,
        {{ parse_day('date') }} as date_day,
        cast(null as date) as period_start_date,
        cast(null as date) as period_end_date,
        true as is_daily,
        {{ parse_integer('interactions') }} as interactions,
        device,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from stats_csv
)

select * from final
