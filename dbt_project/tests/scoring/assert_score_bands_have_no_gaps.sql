-- Every whole score is in one band: each begins one above the end of the one below, the lowest has no
-- lower end and the highest no upper one (S4-32).
with bands as (
    select
        *,
        lag(max_score) over (order by band_order) as max_score_below,
        row_number() over (order by band_order) as place,
        count(*) over () as band_count
    from {{ ref('lead_score_bands') }}
)

select
    score_band,
    min_score,
    max_score
from bands
where
    (place = 1 and min_score is not null)
    or (place > 1 and coalesce(min_score = max_score_below + 1, false) is false)
    or (place < band_count and coalesce(max_score >= coalesce(min_score, max_score), false) is false)
    or (place = band_count and max_score is not null)
