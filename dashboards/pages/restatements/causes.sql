-- Why figures changed.
select
    cause,
    count(*) as figures,
    count(*) filter (where is_material and not is_provisional) as report_affecting,
    max(restated_at) as newest_at
from meta.restatements
group by cause
order by figures desc, cause
