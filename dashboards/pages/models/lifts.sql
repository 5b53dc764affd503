-- What lift tests found, beside what each model credits.
select
    coalesce(experiment_name, experiment_id) as experiment,
    channel,
    attribution_model,
    credited_conversions,
    credited_before_tests,
    incremental_conversions,
    incremental_conversions_low,
    incremental_conversions_high,
    is_disputed,
    end_date
from attribution.fct_lift_tests
order by end_date desc nulls last, experiment_id, attribution_model
