-- The curves, as far as they may be read.
select
    channel,
    spend_reporting,
    leads,
    leads_low,
    leads_high
from attribution.fct_response_points
order by channel, point_no
