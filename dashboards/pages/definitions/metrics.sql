-- Every metric: its formula, its owner, when it is unknown.
select
    label,
    concat(numerator, coalesce(concat(' ÷ ', denominator), '')) as formula,
    unit,
    leading_lagging,
    direction,
    grain,
    null_rule,
    owner,
    controllable_by,
    layer,
    metric,
    version
from meta.metric_registry
order by label, metric
