with cells as (
    select * from {{ source('current_ga4', 'report_snapshots') }}
),

final as (
    select
        property_name,
        table_title,
        label,
        value,
        {{ parse_double('value') }} as value_number,
        {{ parse_integer('table_number') }} as table_number,
        {{ parse_integer('record_number') }} as record_number,
        {{ compact_day('period_start') }} as period_start_date,
        {{ compact_day('period_end') }} as period_end_date,
        '{{ var("source_time_zones").ga4 }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from cells
)

select * from final
