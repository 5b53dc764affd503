-- Won deals by the channel of their first and of their last touch, and the month of the win.
with journeys as (
    -- Every touch that takes part, once: the linear model credits each of them.
    select
        credits.conversion_id,
        credits.conversion_type,
        min(credits.converted_at) as converted_at,
        min(credits.touched_at) as first_at,
        count(*) as touches,
        arg_min(credits.channel, credits.touch_position) as first_channel,
        arg_max(credits.channel, credits.touch_position) as last_channel
    from attribution.fct_attribution_credits as credits
    where credits.attribution_model = 'linear' and credits.conversion_type = 'closed_won' and credits.touch_id is not null
    group by credits.conversion_id, credits.conversion_type
)

select
    cast(date_trunc('month', journeys.converted_at at time zone 'UTC' at time zone $zone) as date) as month_start_date,
    journeys.first_channel,
    journeys.last_channel,
    count(*) as deals,
    sum(conversions.amount_reporting) as amount
from journeys
inner join attribution.fct_conversions as conversions on journeys.conversion_id = conversions.conversion_id
group by all
order by deals desc, month_start_date, journeys.first_channel, journeys.last_channel
