-- Days from brief to launch, all types first.
select
    slice_name,
    max(metric_value) filter (where metric = 'launch_cycle_p50') as p50,
    max(metric_value) filter (where metric = 'launch_cycle_p90') as p90,
    max(numerator) filter (where metric = 'launch_cycle_p50') as live,
    max(denominator) filter (where metric = 'launch_cycle_p50') as started
from operations.fct_operations_metrics
where metric in ('launch_cycle_p50', 'launch_cycle_p90')
group by slice_kind, slice_name
order by slice_kind = 'all' desc, slice_name
