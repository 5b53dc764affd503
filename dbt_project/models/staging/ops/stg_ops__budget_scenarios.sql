with budget_scenarios as (
    select * from {{ source('ops', 'budget_scenarios') }}
    -- A run over an old clock knows the scenarios that were asked of releases until then.
    where as_of_at <= {{ as_of_at() }}
),

final as (
    select
        scenario_id,
        channel,
        moves,
        spend_before,
        spend_after,
        spend_low,
        spend_high,
        leads_before,
        leads_change,
        leads_change_low,
        leads_change_high,
        gain_chance,
        refusal,
        release_id,
        asked_at
    from budget_scenarios
)

select * from final
