-- The commonest pair of first and last touch.
select
    first_channel,
    last_channel,
    count(*) as deals
from temp.journeys
group by all
order by deals desc, first_channel, last_channel
limit 1
