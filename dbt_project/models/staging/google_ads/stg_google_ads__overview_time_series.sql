with overview_time_series as (
    select * from {{ source('current_google_ads', 'overview_time_series') }}
),

final as (
    select
        {{ clean_text('chart_period') }} as chart_period,
        nullif(regexp_extract(cost, '([^0-9.,  -]+)', 1), '') as currency_symbol,
        {{ parse_money('cost', 2, '_decimal_mark') }} as spend,
        {{ parse_integer('impressions', '_decimal_mark') }} as impressions,
        {{ parse_integer('clicks', '_decimal_mark') }} as clicks,
        {{ parse_number('conversions', 4, '_decimal_mark') }} as platform_conversions,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from overview_time_series
)

select * from final
