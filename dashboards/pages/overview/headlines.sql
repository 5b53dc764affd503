-- The figures that stand in cards: the last month that is over, beside the month before.
with newest as (
    select max(month_start_date) as month_start_date
    from strategy.fct_layer_scorecards
    where is_complete
)

select
    cards.metric_label,
    cards.leading_lagging,
    cards.month_start_date,
    cards.metric_value,
    cards.last_value,
    cards.is_worsened,
    cards.is_small_sample,
    (cards.metric_value > cards.last_value) = (cards.direction = 'up') and cards.metric_value <> cards.last_value
    and not cards.is_small_sample as is_improved,
    case
        when cards.unit = 'reporting currency' then 'money'
        when cards.unit = 'share' then 'percent'
        when cards.unit = 'count' then 'number'
        when cards.unit like '%days' then 'days'
        when cards.unit like '%hours' then 'hours'
        when cards.unit = 'ratio' then 'times'
        else 'decimal'
    end as kind
from strategy.fct_layer_scorecards as cards
inner join newest on cards.month_start_date = newest.month_start_date
where
    cards.metric in (
        'leads', 'mqls', 'pipeline_amount', 'spend', 'on_time_approved_launch_rate', 'approval_sla_rate',
        'customers', 'revenue_amount', 'customer_acquisition_cost', 'return_on_investment', 'win_rate'
    )
order by cards.leading_lagging, cards.metric_label
