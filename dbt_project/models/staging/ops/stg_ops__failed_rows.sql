with failed_rows as (
    select * from {{ source('ops', 'failed_rows') }}
    -- Each run judges the deliveries as of its own clock.
    where as_of_at = {{ as_of_at() }}
),

final as (
    select
        table_schema,
        table_name,
        expectation,
        severity,
        file_id,
        row_number
    from failed_rows
)

select * from final
