-- source: duckdb's cast of a text to timestamp, which drops an offset; Jira's CSV as a connector writes it
-- why: The column's times are local by the contract, but these say themselves what they are off UTC by.
-- on: release
-- right: 2026-05-28 13:00:00|2026-05-29 01:30:00
select created_at, closed_at from funnel.fct_opportunities where amount = 4623;

-- on: build
-- right: 2026-05-28 13:00:00
select created_at from intermediate.int_tasks_unioned where task_name = 'offset-task';
