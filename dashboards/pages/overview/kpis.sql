-- Each metric in the last month that is over, beside the month before.
select
    metric_label,
    layer,
    leading_lagging,
    direction,
    metric_value,
    last_value,
    is_small_sample,
    is_worsened,
    kind,
    case when last_value <> 0 then metric_value / last_value - 1 end as change_rate,
    case
        when metric_value is null or last_value is null then null
        when is_worsened then 'worse'
        when metric_value = last_value then 'same'
        when (metric_value > last_value) = (direction = 'up') then 'better'
        else 'too few to say'
    end as verdict
from temp.scorecard
order by is_worsened desc, leading_lagging, layer, metric_label
