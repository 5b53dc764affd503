-- Won deals by the days from their first touch.
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
),

lags as (
    select
        conversion_type,
        date_diff('second', first_at, converted_at) / 86400 as days
    from journeys
)

select
    conversion_type,
    case
        when days < 7 then 'less than 7'
        when days < 30 then '7 to 29'
        when days < 60 then '30 to 59'
        when days < 90 then '60 to 89'
        else '90 and more'
    end as lag,
    count(*) as conversions,
    count(*) / sum(count(*)) over () as share
from lags
group by all
order by min(days)
