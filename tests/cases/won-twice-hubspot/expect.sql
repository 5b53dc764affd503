-- source: the same in another CRM: its table of stages and its history of them
-- why: Won 10 March, reopened 1 April, won 29 June: it closed on 29 June, and the history says so, too.
-- on: release
-- right: true|2026-06-29
select is_won, cast(closed_at as date) from funnel.fct_opportunities where amount = 4615;

-- on: build
-- right: Won for good|2026-03-10 15:00:00|2026-06-29 18:00:00
select stage, entered_at, last_closed_at from intermediate.int_opportunity_stages_entered where crm_deal_id = '810261' and is_won;
