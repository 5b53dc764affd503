with quality_results as (
    select * from {{ ref('stg_ops__quality_results') }}
),

final as (
    select
        {{ surrogate_key(['suite', 'table_schema', 'table_name', 'expectation', 'column_name']) }} as quality_result_id,
        suite,
        table_schema,
        table_name,
        expectation,
        column_name,
        dimension,
        severity,
        owner,
        action,
        is_success,
        evaluated_count,
        failed_count,
        failed_pct,
        as_of_at
    from quality_results
)

select * from final
