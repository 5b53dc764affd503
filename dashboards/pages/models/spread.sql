-- How far models lie apart on won deals, the farthest first.
select
    channel,
    lowest_credit,
    lowest_model,
    highest_credit,
    highest_model,
    disagreement_index,
    best_rank,
    worst_rank,
    rank_flip_count
from attribution.fct_model_disagreement
where conversion_type = 'closed_won'
order by disagreement_index desc nulls last, channel
