{#- A new report is one line here: its staging model has the same columns. -#}
{%- set reports = [
    'stg_google_ads__campaign_reports',
    'stg_google_ads__ad_group_reports',
    'stg_google_ads__keyword_reports',
    'stg_google_ads__search_terms_reports',
    'stg_google_ads__location_reports',
    'stg_google_ads__stats',
    'stg_google_ads__stats_csv',
    'stg_linkedin_ads__analytics',
    'stg_linkedin_ads__analytics_csv',
    'stg_linkedin_ads__performance_reports',
    'stg_meta_ads__ads_reports',
    'stg_meta_ads__insights',
    'stg_meta_ads__insights_csv',
    'stg_microsoft_ads__performance',
    'stg_microsoft_ads__performance_csv',
    'stg_microsoft_ads__performance_reports',
    'stg_tiktok_ads__performance_reports',
    'stg_tiktok_ads__reports',
    'stg_tiktok_ads__reports_csv',
] -%}

with final as (
    {%- for model in reports %}
    select
        '{{ model[4:].split("__")[0] }}' as platform,
        '{{ model.split("__")[1] }}' as report_name,
        report_level,
        breakdown,
        detail,
        ad_account_id,
        ad_campaign_id,
        ad_campaign_name,
        ad_campaign_type,
        ad_group_id,
        ad_group_name,
        ad_id,
        ad_name,
        currency,
        cast(spend as decimal(18, 6)) as spend,
        impressions,
        clicks,
        cast(platform_conversions as decimal(18, 4)) as platform_conversions,
        cast(platform_conversion_value as decimal(18, 6)) as platform_conversion_value,
        is_daily,
        date_day,
        period_start_date,
        period_end_date,
        file_id,
        row_number,
        ingested_at
    from {{ ref(model) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
