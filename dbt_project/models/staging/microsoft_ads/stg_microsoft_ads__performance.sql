with performance as (
    select * from {{ source('current_microsoft_ads', 'performance') }}
),

dated as (
    select
        *,
        {{ parse_day('time_period', "'mdy'") }} as starts_on,
        coalesce(granularity, 'daily') as aggregation
    from performance
),

final as (
    select
        case
            when search_query is not null then 'search_term'
            when keyword is not null or keyword_id is not null then 'keyword'
            when country is not null or state is not null or city is not null or location_id is not null then 'location'
            when ad_id is not null then 'ad'
            when ad_group_id is not null or ad_group_name is not null then 'ad_group'
            when campaign_id is not null or campaign_name is not null then 'campaign'
            else 'account'
        end as report_level,
        nullif(concat_ws(
            '+',
            case when age_group is not null then 'age' end,
            case when gender is not null then 'gender' end
        ), '') as breakdown,
        coalesce(search_query, keyword, city, state, country, age_group) as detail,
        coalesce(
            {{ clean_text('account_id') }},
            {{ clean_text('account_number') }},
            {{ clean_text('account_name') }}
        ) as ad_account_id,
        {{ clean_text('campaign_id') }} as ad_campaign_id,
        {{ clean_text('campaign_name') }} as ad_campaign_name,
        {{ clean_text('campaign_type') }} as ad_campaign_type,
        {{ clean_text('ad_group_id') }} as ad_group_id,
        {{ clean_text('ad_group_name') }} as ad_group_name,
        {{ clean_text('ad_id') }} as ad_id,
        cast(null as {{ dbt.type_string() }}) as ad_name,
        coalesce({{ parse_currency('currency_code') }}, {{ currency_of('spend') }}) as currency,
        {{ parse_money('spend', 6) }} as spend,
        {{ parse_integer('impressions') }} as impressions,
        {{ parse_integer('clicks') }} as clicks,
        case
            when {{ is_told_by_file('conversions_qualified') }} then {{ parse_number('conversions_qualified', 4) }}
            else {{ parse_number('conversions', 4) }}
        end as platform_conversions,
        {{ parse_money('revenue', 6) }} as platform_conversion_value,
        case when aggregation in ('hourly', 'daily') then starts_on end as date_day,
        case when aggregation not in ('hourly', 'daily') then starts_on end as period_start_date,
        case aggregation
            when 'weekly' then {{ add_days('starts_on', 6) }}
            when 'monthly' then last_day(starts_on)
        end as period_end_date,
        aggregation in ('hourly', 'daily') as is_daily,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from dated
)

select * from final
