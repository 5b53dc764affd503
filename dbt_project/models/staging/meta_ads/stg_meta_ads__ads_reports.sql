with ads_report as (
    select * from {{ source('current_meta_ads', 'ads_report') }}
),

dated as (
    select
        *,
        coalesce({{ parse_day('day', '_date_order') }}, {{ parse_named_day('day') }}) as day_date,
        coalesce(
            {{ parse_day('reporting_starts', '_date_order') }},
            {{ parse_named_day('reporting_starts') }}
        ) as starts_on,
        coalesce({{ parse_day('reporting_ends', '_date_order') }}, {{ parse_named_day('reporting_ends') }}) as ends_on
    from ads_report
),

judged as (
    select
        *,
        day is not null or starts_on = ends_on as is_daily
    from dated
),

final as (
    select
        case
            when ad_name is not null or ad_id is not null then 'ad'
            when ad_set_name is not null or ad_set_id is not null then 'ad_group'
            else 'campaign'
        end as report_level,
        nullif(concat_ws(
            '+',
            case when age is not null then 'age' end,
            case when gender is not null then 'gender' end,
            case when device_platform is not null then 'device_platform' end,
            case when region is not null then 'region' end,
            case when country is not null then 'country' end,
            case when platform is not null then 'platform' end,
            case when placement is not null then 'placement' end
        ), '') as breakdown,
        nullif(concat_ws(', ', age, gender, device_platform, region, country, platform, placement), '') as detail,
        coalesce(
            case when {{ matches('account_id', "'^[0-9]+$'") }} then account_id end,
            {{ clean_text('account_name') }}
        ) as ad_account_id,
        case when {{ matches('campaign_id', "'^[0-9]+$'") }} then campaign_id end as ad_campaign_id,
        {{ clean_text('campaign_name') }} as ad_campaign_name,
        {{ clean_text('objective') }} as ad_campaign_type,
        case when {{ matches('ad_set_id', "'^[0-9]+$'") }} then ad_set_id end as ad_group_id,
        {{ clean_text('ad_set_name') }} as ad_group_name,
        case when {{ matches('ad_id', "'^[0-9]+$'") }} then ad_id end as ad_id,
        {{ clean_text('ad_name') }} as ad_name,
        coalesce({{ parse_currency('currency') }}, {{ currency_of('amount_spent') }}) as currency,
        {{ parse_money('amount_spent', 6, '_decimal_mark') }} as spend,
        {{ parse_integer('impressions', '_decimal_mark') }} as impressions,
        case
            when {{ is_told_by_file('link_clicks') }} is false then {{ parse_integer('clicks_all', '_decimal_mark') }}
            -- Of a file with both columns an empty cell is no click on a link.
            when link_clicks is null then 0
            else {{ parse_integer('link_clicks', '_decimal_mark') }}
        end as clicks,
        coalesce(
            {{ parse_number('purchases', 4, '_decimal_mark') }} + {{ parse_number('leads', 4, '_decimal_mark') }},
            {{ parse_number('purchases', 4, '_decimal_mark') }},
            {{ parse_number('leads', 4, '_decimal_mark') }}
        ) as platform_conversions,
        {{ parse_money('purchases_conversion_value', 6, '_decimal_mark') }} as platform_conversion_value,
        case when is_daily then coalesce(day_date, starts_on) end as date_day,
        case when is_daily is false then starts_on end as period_start_date,
        case when is_daily is false then ends_on end as period_end_date,
        is_daily,
        {{ parse_integer('reach', '_decimal_mark') }} as reach,
        coalesce(
            {{ matches("concat_ws(' ', account_id, campaign_id, ad_set_id, ad_id)", "'[0-9][.,][0-9]+[eE][+]'") }},
            false
        ) as is_id_damaged,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from judged
)

select * from final
