-- Files that were not read, or not wholly.
select
    path,
    status,
    message
from meta.files
where message is not null and (status not in ('loaded', 'duplicate') or rows_rejected > 0)
order by status, path
