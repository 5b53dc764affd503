-- Releases that are kept, the newest first.
select
    release_id,
    status,
    as_of_at,
    published_at
from meta.releases
order by published_at desc
