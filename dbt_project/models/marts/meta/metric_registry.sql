with metric_definitions as (
    select * from {{ ref('metric_definitions') }}
),

final as (
    select
        metric,
        label,
        layer,
        kind,
        leading_lagging,
        grain,
        numerator,
        denominator,
        unit,
        direction,
        owner,
        cast(version as bigint) as version,
        null_rule,
        definition_id,
        aggregation,
        controllable_by,
        smallest_sample
    from metric_definitions
)

select * from final
