-- What-ifs as they were answered: no forecast, and nothing beyond what was spent.
with budget_scenarios as (
    select * from {{ ref('stg_ops__budget_scenarios') }}
),

final as (
    select
        {{ surrogate_key(['scenario_id', 'channel']) }} as budget_scenario_id,
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
