-- What there is to put right, by task and reason.
select
    tasks.title,
    items.reason,
    count(*) as open_items,
    min(items.opened_at) as oldest_at
from quality.fct_hygiene_items as items
inner join (
    select distinct hygiene_task, title from operations.fct_hygiene_compliance
) as tasks on items.hygiene_task = tasks.hygiene_task
where items.is_open
group by tasks.title, items.reason
order by open_items desc, tasks.title, items.reason
