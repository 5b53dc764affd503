-- How fast the pipeline becomes revenue, all of it first.
select
    segment,
    open_opportunities,
    open_amount,
    win_rate,
    average_deal_amount,
    median_cycle_days,
    velocity_per_day,
    remaining_quota_amount,
    pipeline_coverage,
    is_small_sample
from funnel.fct_pipeline_velocity
order by is_total desc, segment
