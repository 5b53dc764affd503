-- One row per won deal with a touch in its lookback: how it came, from its first touch to its last.
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
