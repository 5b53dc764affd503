-- How many days of how many series were judged, of the recent ones.
select
    count(distinct series_id) as series,
    count(*) as days
from quality.fct_anomalies
where is_recent and anomaly_state not in ('not_judged', 'paused', 'too_early')
