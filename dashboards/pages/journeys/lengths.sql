-- Won deals by how many touches they took; a length that none has between others that some have is none.
with lengths (place, least, most, length) as (
    values
    (1, 1, 1, '1 touch'), (2, 2, 2, '2 touches'), (3, 3, 3, '3 touches'), (4, 4, 4, '4 touches'),
    (5, 5, 5, '5 touches'), (6, 6, 10, '6 to 10 touches'), (7, 11, 20, '11 to 20 touches'),
    (8, 21, 50, '21 to 50 touches'), (9, 51, 1000000000, 'more than 50 touches')
)

select
    lengths.length,
    count(journeys.conversion_id) as conversions,
    count(journeys.conversion_id) / nullif(sum(count(journeys.conversion_id)) over (), 0) as share
from lengths
left join temp.journeys as journeys on journeys.touches between lengths.least and lengths.most
where exists (select 1 from temp.journeys)
group by lengths.place, lengths.length
order by lengths.place
