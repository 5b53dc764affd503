-- Won deals by the channel of their first and of their last touch, and the month of the win.
select
    cast(date_trunc('month', journeys.converted_at at time zone 'UTC' at time zone $zone) as date) as month_start_date,
    journeys.first_channel,
    journeys.last_channel,
    count(*) as deals,
    sum(conversions.amount_reporting) as amount
from temp.journeys
inner join attribution.fct_conversions as conversions on journeys.conversion_id = conversions.conversion_id
group by all
order by deals desc, month_start_date, journeys.first_channel, journeys.last_channel
