-- Share of lead that each model credits each channel with, and the interval where a model has one.
with credits as (
    select
        channel,
        attribution_model,
        sum(credit) as credit,
        sum(credited_amount) as credited_amount
    from attribution.fct_attribution_credits
    where conversion_type = 'lead'
    group by channel, attribution_model
),

shares as (
    select
        *,
        credit / nullif(sum(credit) over (partition by attribution_model), 0) as share
    from credits
)

select
    shares.channel,
    shares.attribution_model,
    shares.credit,
    shares.credited_amount,
    shares.share,
    intervals.share_low,
    intervals.share_high
from shares
left join attribution.fct_attribution_intervals as intervals
    on
        shares.channel = intervals.channel
        and shares.attribution_model = intervals.attribution_model
        and intervals.conversion_type = 'lead'
left join core.dim_channels as channels on shares.channel = channels.channel
order by channels.sort_order nulls last, shares.channel, shares.attribution_model
