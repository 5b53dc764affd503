-- Channels that data_driven cannot tell apart, as the sum that it can answer for; where it tells none apart, all.
select
    intervals.conversion_type,
    string_agg(distinct intervals.channel, ', ' order by intervals.channel) as channels,
    sum(intervals.share) as share,
    sum(intervals.share * intervals.conversions) as credit
from attribution.fct_attribution_intervals as intervals
where intervals.is_told = false
group by intervals.conversion_type
having count(*) > 1
order by intervals.conversion_type
