with conversion_report as (
    select * from {{ source('current_linkedin_ads', 'conversion_report') }}
),

final as (
    select
        {{ clean_text('conversion_name') }} as conversion_name,
        {{ clean_text('conversion_type') }} as conversion_type,
        coalesce({{ clean_text('account_id') }}, {{ clean_text('account_name') }}) as ad_account_id,
        case when {{ matches('campaign_id', "'^[0-9]+$'") }} then campaign_id end as ad_campaign_id,
        {{ clean_text('campaign_name') }} as ad_campaign_name,
        case when {{ matches('ad_id', "'^[0-9]+$'") }} then ad_id end as ad_id,
        {{ clean_text('creative_name') }} as ad_name,
        {{ parse_number('conversions', 4, '_decimal_mark') }} as platform_conversions,
        {{ parse_number('post_click_conversions', 4, '_decimal_mark') }} as post_click_conversions,
        {{ parse_number('view_through_conversions', 4, '_decimal_mark') }} as view_through_conversions,
        {{ parse_money('total_conversion_value', 6, '_decimal_mark') }} as platform_conversion_value,
        {{ parse_day('start_date', "'mdy'") }} as date_day,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from conversion_report
)

select * from final
