with keyword_report as (
    select * from {{ source('current_google_ads', 'keyword_report') }}
),

final as (
    select
        'keyword' as report_level,
        cast(null as {{ dbt.type_string() }}) as breakdown,
        {{ clean_text('keyword') }} as detail,
        coalesce({{ clean_text('customer_id') }}, {{ clean_text('account') }}) as ad_account_id,
        {{ clean_text('campaign_id') }} as ad_campaign_id,
        trim(campaign) as ad_campaign_name,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_type,
        {{ clean_text('ad_group_id') }} as ad_group_id,
        {{ clean_text('ad_group') }} as ad_group_name,
        cast(null as {{ dbt.type_string() }}) as ad_id,
        cast(null as {{ dbt.type_string() }}) as ad_name,
        coalesce({{ parse_currency('currency_code') }}, {{ currency_of('cost') }}) as currency,
        {{ parse_money('cost', 6, '_decimal_mark') }} as spend,
        {{ parse_integer('impressions', '_decimal_mark') }} as impressions,
        {{ parse_integer('clicks', '_decimal_mark') }} as clicks,
        {{ parse_number('conversions', 4, '_decimal_mark') }} as platform_conversions,
        {{ parse_money('conversion_value', 6, '_decimal_mark') }} as platform_conversion_value,
        {{ parse_day('day') }} as date_day,
        cast(null as date) as period_start_date,
        cast(null as date) as period_end_date,
        day is not null as is_daily,
        {{ parse_integer('interactions', '_decimal_mark') }} as interactions,
        {{ clean_text('match_type') }} as match_type,
        {{ clean_text('device') }} as device,
        {{ parse_number('search_impression_share', 2, '_decimal_mark') }} as search_impression_share,
        {{ value_bound('search_impression_share') }} as search_impression_share_bound,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from keyword_report
)

select * from final
