-- Paid channels with touches of which no report says what they cost.
select days.channel
from attribution.fct_channel_performance_daily as days
inner join core.dim_channels as channels on days.channel = channels.channel
where days.is_headline_model and channels.is_paid
group by days.channel
having sum(days.touches) > 0 and coalesce(sum(days.spend_reporting), 0) = 0
order by days.channel
