-- Every metric: its formula, its owner, when it is unknown.
select
    label,
    concat(numerator, case when denominator <> '' then concat(' ÷ ', denominator) else '' end) as formula,
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
