-- How long journeys to a won deal are.
select
    count(*) as deals,
    median(touches) as median_touches,
    median(date_diff('second', first_at, converted_at)) / 86400 as median_days,
    quantile_cont(date_diff('second', first_at, converted_at), .9) / 86400 as days_p90
from temp.journeys
