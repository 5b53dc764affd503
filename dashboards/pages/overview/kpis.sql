-- Each metric in the last month that is over, beside the month before.
with newest as (
    select max(month_start_date) as month_start_date
    from strategy.fct_layer_scorecards
    where is_complete
)

select
    cards.metric_label,
    cards.layer,
    cards.leading_lagging,
    cards.direction,
    cards.metric_value,
    cards.last_value,
    cards.is_small_sample,
    cards.is_worsened,
    case
        when cards.unit = 'reporting currency' then 'money'
        when cards.unit = 'share' then 'percent'
        when cards.unit = 'count' then 'number'
        when cards.unit like '%days' then 'days'
        when cards.unit like '%hours' then 'hours'
        when cards.unit = 'ratio' then 'times'
        else 'decimal'
    end as kind,
    case when cards.last_value <> 0 then cards.metric_value / cards.last_value - 1 end as change_rate,
    case
        when cards.metric_value is null or cards.last_value is null then null
        when cards.is_worsened then 'worse'
        when cards.metric_value = cards.last_value then 'same'
        when (cards.metric_value > cards.last_value) = (cards.direction = 'up') then 'better'
        else 'too few to say'
    end as verdict
from strategy.fct_layer_scorecards as cards
inner join newest on cards.month_start_date = newest.month_start_date
order by cards.is_worsened desc, cards.leading_lagging, cards.layer, cards.metric_label
