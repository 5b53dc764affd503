-- The three things that keep the most work from going on (S1-6); all of them are in fct_top_constraints.
select
    constraint_rank,
    constraint_kind,
    constraint_name,
    item_count,
    campaign_count,
    open_hours,
    pipeline_at_stake
from operations.fct_top_constraints
where constraint_score > 0
order by constraint_rank
limit 3
