with intervals as (
    select * from {{ source('solved', 'intervals') }}
    -- What was solved as of another moment is not of this build.
    where as_of_at = {{ as_of_at() }}
),

final as (
    select
        attribution_model,
        conversion_type,
        channel,
        share,
        share_low,
        share_high,
        is_told,
        value_share,
        conversions,
        days_weight,
        half_life_days,
        lift_test_count,
        share_before_tests,
        share_before_tests_low,
        share_before_tests_high,
        is_fallback
    from intervals
)

select * from final
