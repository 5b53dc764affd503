with response_weeks as (
    select * from {{ source('solved', 'response_weeks') }}
    -- What was solved as of another moment is not of this build.
    where as_of_at = {{ as_of_at() }}
),

final as (
    select
        channel,
        week_start_date,
        spend_reporting,
        leads,
        other_leads,
        is_learned_from,
        is_held_out
    from response_weeks
)

select * from final
