with insights_csv as (
    select * from {{ source('current_meta_ads', 'insights_csv') }}
),

final as (
    select
        case when ad_id is not null then 'ad' else 'account' end as report_level,
        nullif(concat_ws(
            '+',
            case when country is not null then 'country' end,
            case when region is not null then 'region' end
        ), '') as breakdown,
        nullif(concat_ws(', ', country, region), '') as detail,
        account_id as ad_account_id,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_name,
        cast(null as {{ dbt.type_string() }}) as ad_campaign_type,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_name,
        ad_id,
        cast(null as {{ dbt.type_string() }}) as ad_name,
        cast(null as {{ dbt.type_string() }}) as currency,
        {{ parse_money('spend', 6) }} as spend,
        {{ parse_integer('impressions') }} as impressions,
        {{ parse_integer('inline_link_clicks') }} as clicks,
        cast(null as decimal(18, 4)) as platform_conversions,
        cast(null as decimal(18, 6)) as platform_conversion_value,
        {{ parse_day('date') }} as date_day,
        cast(null as date) as period_start_date,
        cast(null as date) as period_end_date,
        true as is_daily,
        {{ parse_integer('reach') }} as reach,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from insights_csv
)

select * from final
