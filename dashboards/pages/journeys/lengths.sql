-- Won deals by how many touches they took.
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
    conversion_type,
    case
        when touches <= 5 then cast(touches as varchar)
        when touches <= 10 then '6 to 10'
        when touches <= 20 then '11 to 20'
        when touches <= 50 then '21 to 50'
        else 'more than 50'
    end as length,
    count(*) as conversions,
    count(*) / sum(count(*)) over () as share
from journeys
group by all
order by min(touches)
