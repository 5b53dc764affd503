-- The conversions that a lift test of a whole channel was about: what data_driven credits of them meets
-- what the test measured. A test of one campaign says nothing of its channel, and one without an
-- interval has no weight.
with lift_tests as (
    select * from {{ ref('int_lift_tests') }}
    where
        is_usable
        and utm_campaign is null
        and incremental_conversions_low < incremental_conversions_high
),

conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

final as (
    select
        lift_tests.experiment_id,
        conversions.conversion_no,
        lift_tests.channel,
        lift_tests.conversion_type,
        cast(lift_tests.confidence_level as double) as confidence_level,
        lift_tests.incremental_conversions,
        lift_tests.incremental_conversions_low,
        lift_tests.incremental_conversions_high
    from lift_tests
    inner join conversions
        on
            lift_tests.conversion_type = conversions.conversion_type
            and {{ reporting_day('conversions.converted_at') }} >= lift_tests.start_date
            and {{ reporting_day('conversions.converted_at') }} <= lift_tests.end_date
)

select * from final
