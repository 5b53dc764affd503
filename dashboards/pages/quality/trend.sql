-- Share of checks that held in each release that is kept, by dimension; how that moved since the first.
select
    dimension,
    published_at,
    as_of_at,
    release_id,
    checks,
    held,
    held / checks as held_rate,
    held / checks - first_value(held / checks) over (
        partition by dimension order by published_at, release_id
    ) as moved,
    dense_rank() over (order by published_at desc, release_id desc) = 1 as is_newest,
    dense_rank() over (order by published_at, release_id) as release_number
from temp.release_checks
order by published_at, release_id, dimension
