-- Key results by how far they are behind their time.
select
    coalesce(metric_label, metric_name, key_result_id) as label,
    objective,
    -- A target that is where the key result began gives progress nothing to be measured on.
    case
        when key_result_state = 'no_target' and target = baseline then 'target_is_where_it_began' else key_result_state
    end as state,
    actual_value,
    target,
    case
        when lower(value_unit) = $currency and abs(target) >= 1000 then 'money'
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
