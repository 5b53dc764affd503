-- Key results by how far they are behind their time.
select
    coalesce(metric_label, metric_name, key_result_id) as label,
    objective,
    key_result_state as state,
    actual_value,
    target,
    case
        when lower(value_unit) = $currency then 'cents'
        when value_unit = 'count' then 'number'
        when value_unit = 'days' then 'days'
        when value_unit = 'hours' then 'hours'
        when value_unit = 'percent' then 'of100'
        when value_unit = 'ratio' then 'times'
        else 'decimal'
    end as kind,
    progress,
    elapsed_share,
    pace,
    leading_lagging,
    owner_name,
    measured_on
from strategy.fct_key_results
order by pace nulls last, label, key_result_id
