-- Decisions, the open first.
select
    coalesce(title, decision_id) as title,
    outcome,
    evidence_report,
    has_rationale,
    days_to_decision,
    raised_at
from strategy.fct_decisions
order by is_open desc, raised_at desc, decision_id
