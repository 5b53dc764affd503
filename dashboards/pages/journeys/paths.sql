-- Paths to won deals: channels in the order in which each was touched first.
with steps as (
    select
        conversion_id,
        channel,
        min(touch_position) as position,
        min(touched_at) as first_at,
        min(converted_at) as converted_at,
        count(*) as touches
    from attribution.fct_attribution_credits
    where attribution_model = 'linear' and conversion_type = 'closed_won' and touch_id is not null
    group by conversion_id, channel
),

paths as (
    select
        conversion_id,
        string_agg(channel, ' → ' order by position) as path,
        date_diff('second', min(first_at), min(converted_at)) / 86400 as days,
        sum(touches) as touches
    from steps
    group by conversion_id
)

select
    paths.path,
    count(*) as deals,
    sum(conversions.amount_reporting) as amount,
    median(paths.days) as median_days,
    median(paths.touches) as median_touches
from paths
inner join attribution.fct_conversions as conversions on paths.conversion_id = conversions.conversion_id
group by paths.path
order by deals desc, amount desc nulls last, paths.path
