with campaign_report as (
    select * from {{ source('raw_google_ads', 'campaign_report') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    -- A report over a period has no day: which period replaces which is decided where it is known.
    qualify day is null or {{ is_current(['account', 'campaign', 'day'], 'file') }}
),

final as (
    select
        coalesce({{ clean_text('customer_id') }}, {{ clean_text('account') }}, 'google_ads') as ad_account_id,
        {{ clean_text('campaign_id') }} as ad_campaign_id,
        trim(campaign) as ad_campaign_name,
        {{ clean_text('campaign_type') }} as ad_campaign_type,
        {{ clean_text('campaign_status') }} as ad_campaign_status,
        upper({{ clean_text('currency_code') }}) as currency,
        {{ parse_number('cost') }} as spend,
        {{ parse_integer('impressions') }} as impressions,
        {{ parse_integer('interactions') }} as interactions,
        {{ parse_integer('clicks') }} as clicks,
        {{ parse_number('conversions', 4) }} as platform_conversions,
        {{ parse_number('conversion_value') }} as platform_conversion_value,
        try_cast(day as date) as date_day,
        day is not null as is_daily,
        '{{ var("google_ads_time_zone") }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaign_report
)

select * from final
