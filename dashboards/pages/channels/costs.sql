-- What a new customer costs, by month and basis, the newest and the narrowest basis first.
select
    month_start_date,
    cost_basis,
    cost,
    is_partial,
    new_customers,
    customer_acquisition_cost,
    lagged_customer_acquisition_cost
from attribution.fct_acquisition_costs
order by month_start_date desc, cost, cost_basis
