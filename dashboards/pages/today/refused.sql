-- Runs between the release before and this one that published nothing.
select
    finished_at,
    status,
    message
from meta.runs
where
    status in ('refused', 'failed', 'unusable')
    and started_at > coalesce(
        (select max(published_at) from meta.releases where status <> 'published'),
        timestamp '1970-01-01'
    )
order by started_at desc, run_id
