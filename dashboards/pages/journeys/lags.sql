-- Won deals by the days from their first touch.
with lags as (
    select
        conversion_type,
        date_diff('second', first_at, converted_at) / 86400 as days
    from temp.journeys
)

select
    conversion_type,
    case
        when days < 7 then 'less than 7'
        when days < 30 then '7 to 29'
        when days < 60 then '30 to 59'
        when days < 90 then '60 to 89'
        else '90 and more'
    end as lag,
    count(*) as conversions,
    count(*) / sum(count(*)) over () as share
from lags
group by all
order by min(days)
