with response_points as (
    select * from {{ source('solved', 'response_points') }}
    -- What was solved as of another moment is not of this build.
    where as_of_at = {{ as_of_at() }}
),

final as (
    select
        channel,
        point_no,
        spend_reporting,
        leads,
        leads_low,
        leads_high
    from response_points
)

select * from final
