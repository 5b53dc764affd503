with stats as (
    select * from {{ source('current_google_ads', 'stats') }}
),

final as (
    select
        case
            when criterion_id is not null then 'keyword'
            when ad_id is not null then 'ad'
            when ad_group_id is not null then 'ad_group'
            else 'campaign'
        end as report_level,
        cast(null as {{ dbt.type_string() }}) as breakdown,
        keyword_text as detail,
        concat(substr(customer_id, 1, 3), '-', substr(customer_id, 4, 3), '-', substr(customer_id, 7)) as ad_account_id,
        campaign_id as ad_campaign_id,
        {{ clean_text('campaign_name') }} as ad_campaign_name,
        campaign_type as ad_campaign_type,
        ad_group_id,
        ad_group_name,
        ad_id,
        cast(null as {{ dbt.type_string() }}) as ad_name,
        upper(currency_code) as currency,
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
        case
            when {{ parse_number('search_impression_share', 6) }} not in (0.0999, 0.9001)
                then cast({{ parse_number('search_impression_share', 6) }} * 100 as decimal(18, 2))
        end as search_impression_share,
        case {{ parse_number('search_impression_share', 6) }}
            when 0.0999 then '< 10%'
            when 0.9001 then '> 90%'
        end as search_impression_share_bound,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from stats
)

select * from final
