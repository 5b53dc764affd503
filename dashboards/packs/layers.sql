-- Who decides what, and how much of what they control moved against them (S2-8).
select
    layer_name,
    owner_roles,
    decides,
    boundary,
    metric_count,
    worsened_count
from strategy.dim_layers
order by seq
