-- source: Pipedrive's interface in German, whose list views are exported with its words
-- why: A status that nobody defined is neither open nor won: no figure counts the deal, a check names it with the row of deal_stages to add.
-- on: release
-- right: NULL|NULL|NULL
select is_closed, is_won, closed_at from funnel.fct_opportunities where amount = 4621;

-- on: build
-- right: true
select bool_and(contains(sample_keys, 'pipedrive,gewonnen,Qualified,?,?,?,? | 1 | 4621.00 | 462101')) from ops.quality_results where expectation = 'every_deal_stage_is_defined';
