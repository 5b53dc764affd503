with performance_report as (
    select * from {{ source('current_linkedin_ads', 'performance_report') }}
),

dated as (
    select
        *,
        {{ parse_day('start_date', "'mdy'") }} as starts_on,
        {{ parse_day('report_start', "'mdy'") }} as report_starts_on,
        {{ parse_day('report_end', "'mdy'") }} as report_ends_on
    from performance_report
),

-- The first and last date of a file, and whether every date of it begins a month or is whole weeks on.
spanned as (
    select
        *,
        min(starts_on) over (partition by _file_id) as first_date,
        max(starts_on) over (partition by _file_id) as last_date,
        max(extract(day from starts_on)) over (partition by _file_id) = 1 as is_by_month
    from dated
),

paced as (
    select
        *,
        max({{ days_between('first_date', 'starts_on') }} % 7) over (partition by _file_id) = 0 as is_by_week
    from spanned
),

-- No column says what a row is of. The lines above the header may; else the dates of the whole file do.
judged as (
    select
        *,
        case
            when report_granularity is not null then lower(report_granularity)
            when report_starts_on = report_ends_on then 'daily'
            when first_date = last_date and report_ends_on > last_date then 'period'
            when is_by_month then 'monthly'
            when is_by_week and first_date < last_date then 'weekly'
            else 'daily'
        end as granularity
    from paced
),

final as (
    select
        case when creative_name is not null or ad_id is not null then 'ad' else 'campaign' end as report_level,
        cast(null as {{ dbt.type_string() }}) as breakdown,
        cast(null as {{ dbt.type_string() }}) as detail,
        coalesce({{ clean_text('account_id') }}, {{ clean_text('account_name') }}) as ad_account_id,
        case when {{ matches('campaign_id', "'^[0-9]+$'") }} then campaign_id end as ad_campaign_id,
        {{ clean_text('campaign_name') }} as ad_campaign_name,
        {{ clean_text('campaign_type') }} as ad_campaign_type,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_name,
        case when {{ matches('ad_id', "'^[0-9]+$'") }} then ad_id end as ad_id,
        {{ clean_text('creative_name') }} as ad_name,
        coalesce({{ parse_currency('currency') }}, {{ currency_of('total_spent') }}) as currency,
        {{ parse_money('total_spent', 6, '_decimal_mark') }} as spend,
        {{ parse_integer('impressions', '_decimal_mark') }} as impressions,
        {{ parse_integer('clicks', '_decimal_mark') }} as clicks,
        {{ parse_number('conversions', 4, '_decimal_mark') }} as platform_conversions,
        {{ parse_money('total_conversion_value', 6, '_decimal_mark') }} as platform_conversion_value,
        case when granularity = 'daily' then starts_on end as date_day,
        case when granularity <> 'daily' then starts_on end as period_start_date,
        case granularity
            when 'weekly' then {{ add_days('starts_on', 6) }}
            when 'monthly' then last_day(starts_on)
            when 'period' then report_ends_on
        end as period_end_date,
        granularity = 'daily' as is_daily,
        {{ clean_text('account_name') }} as ad_account_name,
        {{ parse_integer('sends', '_decimal_mark') }} as sends,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from judged
    -- A card of a carousel is detail of the row above it, which has its spend, impressions and clicks.
    where {{ clean_text('carousel_card') }} is null or coalesce(total_spent, impressions, clicks) is not null
)

select * from final
