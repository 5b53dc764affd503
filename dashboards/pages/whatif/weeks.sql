-- Spend and leads of each week, the newest first.
select
    week_start_date,
    channel,
    spend_reporting,
    leads,
    is_learned_from,
    is_held_out
from attribution.fct_response_weeks
order by week_start_date desc, channel
