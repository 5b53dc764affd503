with journey_credits as (
    select * from {{ source('solved', 'journey_credits') }}
    -- What was solved as of another moment is not of this build.
    where as_of_at = {{ as_of_at() }}
),

final as (
    select
        conversion_id,
        touch_id,
        attribution_model,
        channel,
        credit,
        is_fallback
    from journey_credits
)

select * from final
