-- The channel of whose lead models say the most different shares.
with shares as (
    select
        channel,
        attribution_model,
        sum(credit) / nullif(sum(sum(credit)) over (partition by attribution_model), 0) as share
    from attribution.fct_attribution_credits
    where conversion_type = 'lead'
    group by channel, attribution_model
)

select
    channel,
    min(share) as share_low,
    max(share) as share_high,
    arg_min(attribution_model, share) as lowest_model,
    arg_max(attribution_model, share) as highest_model
from shares
group by channel
order by max(share) - min(share) desc, channel
limit 1
