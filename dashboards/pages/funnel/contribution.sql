-- Pipeline that marketing sourced, influenced and is attributed, by month of creation and channel.
select
    month_start_date,
    channel,
    sourced_amount,
    influenced_amount,
    attributed_amount,
    unpriced_opportunities
from attribution.fct_pipeline_contribution
where not is_total
order by month_start_date desc, channel
