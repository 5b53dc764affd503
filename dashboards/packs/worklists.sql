-- What there is to put right, by task and reason; which, is in quality.fct_hygiene_items.
select
    tasks.title,
    items.reason,
    count(*) as open_items,
    min(items.opened_at) as oldest_at
from quality.fct_hygiene_items as items
inner join (
    select distinct hygiene_task, seq, title from operations.fct_hygiene_compliance
) as tasks on items.hygiene_task = tasks.hygiene_task
where items.is_open
group by tasks.seq, tasks.title, items.reason
order by tasks.seq, open_items desc, items.reason
