-- The figures that stand in cards: the last month that is over, beside the month before.
select
    metric,
    metric_label,
    leading_lagging,
    month_start_date,
    metric_value,
    last_value,
    case when last_value <> 0 then metric_value / last_value - 1 end as change_rate,
    is_worsened,
    is_small_sample,
    (metric_value > last_value) = (direction = 'up') and metric_value <> last_value
    and not is_small_sample as is_improved,
    kind
from temp.scorecard
where
    metric in (
        'leads', 'mqls', 'pipeline_amount', 'spend', 'on_time_approved_launch_rate', 'approval_sla_rate',
        'customers', 'revenue_amount', 'customer_acquisition_cost', 'return_on_investment', 'win_rate'
    )
order by leading_lagging, metric_label
