-- What friction costs, the newest quarter first.
select
    quarter_start_date,
    friction_kind,
    quantity,
    unit,
    unpriced_quantity,
    cost,
    cost_low,
    cost_high,
    quarter_start_date + interval 3 month <= (
        select as_of_at from meta.releases where status = 'published'
    ) as is_over
from strategy.fct_friction_costs
order by quarter_start_date desc nulls last, cost desc nulls last, friction_kind
