-- Won deals by the days from their first touch; a span that none took between others is none.
with lags (place, least, most, lag) as (
    values
    (1, 0, 7, 'less than 7 days'), (2, 7, 30, '7 to 29 days'), (3, 30, 60, '30 to 59 days'),
    (4, 60, 90, '60 to 89 days'), (5, 90, 1000000000, '90 days and more')
),

journeys as (
    select date_diff('second', first_at, converted_at) / 86400 as days
    from temp.journeys
)

select
    lags.lag,
    count(journeys.days) as conversions,
    count(journeys.days) / nullif(sum(count(journeys.days)) over (), 0) as share
from lags
left join journeys on journeys.days >= lags.least and journeys.days < lags.most
where exists (select 1 from journeys)
group by lags.place, lags.lag
order by lags.place
