-- The channel of whose conversions of a type models say the most different shares.
with shares as (
    select
        conversion_type,
        channel,
        attribution_model,
        sum(credit) / nullif(sum(sum(credit)) over (partition by conversion_type, attribution_model), 0) as share
    from attribution.fct_attribution_credits
    group by conversion_type, channel, attribution_model
)

select
    conversion_type,
    channel,
    min(share) as share_low,
    max(share) as share_high,
    arg_min(attribution_model, share) as lowest_model,
    arg_max(attribution_model, share) as highest_model
from shares
group by conversion_type, channel
qualify row_number() over (partition by conversion_type order by max(share) - min(share) desc, channel) = 1
