-- Won deals by how many touches they took.
select
    conversion_type,
    case
        when touches <= 5 then cast(touches as varchar)
        when touches <= 10 then '6 to 10'
        when touches <= 20 then '11 to 20'
        when touches <= 50 then '21 to 50'
        else 'more than 50'
    end as length,
    count(*) as conversions,
    count(*) / sum(count(*)) over () as share
from temp.journeys
group by all
order by min(touches)
