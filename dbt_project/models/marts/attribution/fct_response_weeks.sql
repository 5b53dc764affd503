with response_weeks as (
    select * from {{ ref('stg_solved__response_weeks') }}
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
