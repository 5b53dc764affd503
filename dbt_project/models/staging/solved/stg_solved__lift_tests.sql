with lift_tests as (
    select * from {{ source('solved', 'lift_tests') }}
    -- What was solved as of another moment is not of this build.
    where as_of_at = {{ as_of_at() }}
),

final as (
    select
        experiment_id,
        attribution_model,
        credited_before_tests
    from lift_tests
)

select * from final
