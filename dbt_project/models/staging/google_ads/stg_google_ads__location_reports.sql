with location_report as (
    select * from {{ source('current_google_ads', 'location_report') }}
),

final as (
    select
        'location' as report_level,
        cast(null as {{ dbt.type_string() }}) as breakdown,
        {{ clean_text('location') }} as detail,
        coalesce({{ clean_text('customer_id') }}, {{ clean_text('account') }}) as ad_account_id,
        {{ clean_text('campaign_id') }} as ad_campaign_id,
        trim(campaign) as ad_campaign_name,
        {{ clean_text('campaign_type') }} as ad_campaign_type,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_name,
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
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from location_report
)

select * from final
