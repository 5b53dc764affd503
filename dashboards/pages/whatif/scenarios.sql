-- Scenarios that were asked, the newest first, and of each the whole last.
select
    asked_at,
    scenario_id,
    moves,
    channel,
    spend_before,
    spend_after,
    leads_before,
    leads_change,
    leads_change_low,
    leads_change_high,
    gain_chance,
    refusal
from attribution.fct_budget_scenarios
order by asked_at desc, scenario_id, channel = 'All', channel
