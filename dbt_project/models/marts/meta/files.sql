with files as (
    select * from {{ ref('stg_ops__files') }}
),

final as (
    select
        file_id,
        path,
        source,
        stream,
        status,
        rows_read,
        rows_loaded,
        rows_rejected,
        rows_skipped,
        period_start_date,
        period_end_date,
        message,
        loaded_at
    from files
)

select * from final
