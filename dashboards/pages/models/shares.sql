-- Share of each type of conversion that each model credits each channel with, and the interval where a model has one.
with credits as (
    select
        conversion_type,
        channel,
        attribution_model,
        sum(credit) as credit,
        sum(credited_amount) as credited_amount
    from attribution.fct_attribution_credits
    group by conversion_type, channel, attribution_model
),

shares as (
    select
        *,
        credit / nullif(sum(credit) over (partition by conversion_type, attribution_model), 0) as share,
        -- Intervals are of the conversions with a touch, shares of all.
        sum(credit) filter (where channel <> 'Unattributed') over (partition by conversion_type, attribution_model)
        / nullif(sum(credit) over (partition by conversion_type, attribution_model), 0) as touched_share
    from credits
)

select
    shares.conversion_type,
    shares.channel,
    shares.attribution_model,
    shares.credit,
    shares.credited_amount,
    shares.share,
    intervals.share_low * shares.touched_share as share_low,
    intervals.share_high * shares.touched_share as share_high
from shares
left join attribution.fct_attribution_intervals as intervals
    on
        shares.channel = intervals.channel
        and shares.attribution_model = intervals.attribution_model
        and shares.conversion_type = intervals.conversion_type
left join core.dim_channels as channels on shares.channel = channels.channel
order by shares.conversion_type, channels.sort_order nulls last, shares.channel, shares.attribution_model
