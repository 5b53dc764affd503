with quality_results as (
    select * from {{ source('ops', 'quality_results') }}
    -- Each run judges the deliveries as of its own clock; the marts are judged after this model.
    where as_of_at = {{ as_of_at() }} and suite = 'delivery'
),

final as (
    select
        suite,
        table_schema,
        table_name,
        expectation,
        column_name,
        dimension,
        severity,
        owner,
        action,
        success as is_success,
        evaluated as evaluated_count,
        failed as failed_count,
        failed_pct,
        as_of_at
    from quality_results
)

select * from final
