-- One row per metric: the last month that is over, beside the month before, and what its unit reads as.
with newest as (
    select max(month_start_date) as month_start_date
    from strategy.fct_layer_scorecards
    where is_complete
)

select
    cards.*,
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
