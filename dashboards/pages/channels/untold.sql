-- Channels whose won deals data_driven cannot tell apart, as the sum that it can answer for.
select
    string_agg(distinct intervals.channel, ', ' order by intervals.channel) as channels,
    count(distinct intervals.channel) as channel_count,
    sum(credits.customers) as customers,
    sum(credits.revenue_amount) as revenue_amount,
    max(whole.revenue_amount) as whole_amount
from attribution.fct_attribution_intervals as intervals
left join (
    select channel, attribution_model, sum(customers) as customers, sum(revenue_amount) as revenue_amount
    from attribution.fct_channel_performance_daily
    group by channel, attribution_model
) as credits
    on intervals.channel = credits.channel and intervals.attribution_model = credits.attribution_model
cross join (
    select sum(revenue_amount) as revenue_amount
    from attribution.fct_channel_performance_daily
    where is_headline_model
) as whole
where intervals.conversion_type = 'closed_won' and not intervals.is_told
having count(distinct intervals.channel) > 1
