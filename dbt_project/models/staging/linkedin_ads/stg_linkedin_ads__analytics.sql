with analytics as (
    select * from {{ source('current_linkedin_ads', 'analytics') }}
),

pivoted as (
    select
        *,
        regexp_extract(pivot_value, '^urn:li:([A-Za-z]+):', 1) as pivot_kind,
        nullif(regexp_extract(pivot_value, ':([0-9]+)$', 1), '') as pivot_id
    from analytics
),

final as (
    select
        case pivot_kind
            when 'sponsoredCampaign' then 'campaign'
            when 'sponsoredCreative' then 'ad'
            else 'account'
        end as report_level,
        case
            when pivot_kind not in ('sponsoredCampaign', 'sponsoredCreative')
                then coalesce(airbyte_stream, nullif(pivot_kind, ''), 'pivot')
        end as breakdown,
        case when pivot_kind not in ('sponsoredCampaign', 'sponsoredCreative') then pivot_value end as detail,
        cast(null as {{ dbt.type_string() }}) as ad_account_id,
        case when pivot_kind = 'sponsoredCampaign' then pivot_id end as ad_campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_name,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_type,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_name,
        case when pivot_kind = 'sponsoredCreative' then pivot_id end as ad_id,
        cast(null as {{ dbt.type_string() }}) as ad_name,
        cast(null as {{ dbt.type_string() }}) as currency,
        {{ parse_money('cost_in_local_currency', 6) }} as spend,
        {{ parse_integer('impressions') }} as impressions,
        {{ parse_integer('clicks') }} as clicks,
        {{ parse_number('external_website_conversions', 4) }} as platform_conversions,
        {{ parse_money('conversion_value_in_local_currency', 6) }} as platform_conversion_value,
        case when start_date = end_date then {{ parse_day('start_date') }} end as date_day,
        case when start_date <> end_date then {{ parse_day('start_date') }} end as period_start_date,
        case when start_date <> end_date then {{ parse_day('end_date') }} end as period_end_date,
        start_date = end_date as is_daily,
        {{ parse_money('cost_in_usd', 6) }} as spend_usd,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from pivoted
)

select * from final
