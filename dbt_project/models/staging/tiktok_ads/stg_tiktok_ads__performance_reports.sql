with performance_report as (
    select * from {{ source('current_tiktok_ads', 'performance_report') }}
),

final as (
    select
        case
            when ad_name is not null or ad_id is not null then 'ad'
            when ad_group_name is not null or ad_group_id is not null then 'ad_group'
            else 'campaign'
        end as report_level,
        nullif(concat_ws(
            '+',
            case when age is not null then 'age' end,
            case when gender is not null then 'gender' end,
            case when country is not null then 'country' end
        ), '') as breakdown,
        nullif(concat_ws(', ', age, gender, country), '') as detail,
        coalesce(
            case when {{ matches('account_id', "'^[0-9]+$'") }} then account_id end,
            {{ clean_text('account_name') }}
        ) as ad_account_id,
        case when {{ matches('campaign_id', "'^[0-9]+$'") }} then campaign_id end as ad_campaign_id,
        {{ clean_text('campaign_name') }} as ad_campaign_name,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_type,
        case when {{ matches('ad_group_id', "'^[0-9]+$'") }} then ad_group_id end as ad_group_id,
        {{ clean_text('ad_group_name') }} as ad_group_name,
        case when {{ matches('ad_id', "'^[0-9]+$'") }} then ad_id end as ad_id,
        {{ clean_text('ad_name') }} as ad_name,
        coalesce({{ parse_currency('currency') }}, {{ currency_of('cost') }}) as currency,
        {{ parse_money('cost', 6, '_decimal_mark') }} as spend,
        {{ parse_integer('impressions', '_decimal_mark') }} as impressions,
        case
            when {{ is_told_by_file('clicks_destination') }}
                then {{ parse_integer('clicks_destination', '_decimal_mark') }}
            else {{ parse_integer('clicks_all', '_decimal_mark') }}
        end as clicks,
        {{ parse_number('conversions', 4, '_decimal_mark') }} as platform_conversions,
        {{ parse_money('conversion_value', 6, '_decimal_mark') }} as platform_conversion_value,
        {{ parse_day('day') }} as date_day,
        case when day is null then {{ parse_day('period_start') }} end as period_start_date,
        case when day is null then {{ parse_day('period_end') }} end as period_end_date,
        day is not null as is_daily,
        {{ parse_integer('reach', '_decimal_mark') }} as reach,
        {{ value_bound('impressions') }} as impressions_bound,
        case
            when {{ is_told_by_file('clicks_destination') }} then {{ value_bound('clicks_destination') }}
            else {{ value_bound('clicks_all') }}
        end as clicks_bound,
        {{ value_bound('conversions') }} as conversions_bound,
        {{ value_bound('reach') }} as reach_bound,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from performance_report
)

select * from final
