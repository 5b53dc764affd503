-- source: a list view without the columns Won time and Lost time
-- why: Only the day on which it was to close is known, and it began at 15:00 of that day: it cannot have closed before.
-- on: release
-- right: true|true
select is_won, closed_at = created_at from funnel.fct_opportunities where amount = 4622;
