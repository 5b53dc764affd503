-- What was matched to whom, and how; the least found first.
select
    match_kind,
    match_method,
    is_matched,
    record_count,
    record_share,
    match_rate
from quality.fct_match_rates
order by match_rate, match_kind, record_count desc, match_method
