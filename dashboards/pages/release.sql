-- The release that this file is.
select
    release_id,
    as_of_at
from meta.releases
where status = 'published'
