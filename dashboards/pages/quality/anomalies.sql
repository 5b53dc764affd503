-- Recent days that are unlike their weekday, and series of which it is too early to say; the gravest first.
select
    source,
    subject,
    metric,
    detail,
    date_day,
    anomaly_state,
    measured_value,
    expected_value,
    coalesce(warning_low, 0) as warning_low,
    warning_high,
    dimension,
    coalesce(explanation, action, 'It is judged from the second week on.') as next_step,
    owner
from quality.fct_anomalies
where
    is_recent
    and (
        anomaly_state in ('error', 'warning', 'explained')
        or anomaly_state = 'too_early' and date_day = (
            select max(newest.date_day)
            from quality.fct_anomalies as newest
            where newest.series_id = fct_anomalies.series_id
        )
    )
order by
    case anomaly_state when 'error' then 1 when 'warning' then 2 when 'explained' then 3 else 4 end,
    date_day desc, source, subject, metric, detail
