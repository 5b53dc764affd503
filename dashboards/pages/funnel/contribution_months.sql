-- The same of all channels together, the newest month first.
select
    month_start_date,
    sourced_share,
    influenced_share
from attribution.fct_pipeline_contribution
where is_total
order by month_start_date desc
