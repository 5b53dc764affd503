with files as (
    select * from {{ source('ops', 'files') }}
    -- What was delivered after the run's clock is not known yet.
    where loaded_at <= {{ as_of_at() }}
),

final as (
    select
        file_id,
        batch_id,
        {{ masked('path') }} as path,
        source,
        stream,
        status,
        encoding,
        nearest_contract,
        missing_columns,
        extra_columns,
        {{ masked('message') }} as message,
        rows_read,
        rows_loaded,
        rows_rejected,
        rows_skipped,
        period_start as period_start_date,
        period_end as period_end_date,
        loaded_at
    from files
)

select * from final
