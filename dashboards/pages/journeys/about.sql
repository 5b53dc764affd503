-- How long journeys to a won deal are.
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
    count(*) as deals,
    median(touches) as median_touches,
    median(date_diff('second', first_at, converted_at)) / 86400 as median_days,
    quantile_cont(date_diff('second', first_at, converted_at), .9) / 86400 as days_p90
from journeys
