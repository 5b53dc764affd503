-- Decisions that wait, the oldest first, and those that were taken since the meeting before.
select
    title,
    owner_name,
    is_open,
    outcome,
    evidence_report,
    has_rationale,
    raised_at,
    decided_at
from strategy.fct_decisions
where (is_open and raised_at < $until) or (decided_at >= $since and decided_at < $until)
order by is_open desc, raised_at, decision_id
