with cells as (
    select * from {{ source('current_ga4', 'report_snapshots') }}
),

final as (
    select
        table_title,
        label,
        value,
        try_cast(value as double) as value_number,
        try_cast(table_number as bigint) as table_number,
        try_cast(record_number as bigint) as record_number,
        try_cast(
            concat_ws('-', substr(period_start, 1, 4), substr(period_start, 5, 2), substr(period_start, 7, 2)) as date
        ) as period_start_date,
        try_cast(
            concat_ws('-', substr(period_end, 1, 4), substr(period_end, 5, 2), substr(period_end, 7, 2)) as date
        ) as period_end_date,
        '{{ var("analytics_time_zone") }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from cells
)

select * from final
