-- Every day from 2015 to the end of the year after the run's clock.
with digits as (
    select 0 as digit
    union all
    select 1 as digit
    union all
    select 2 as digit
    union all
    select 3 as digit
    union all
    select 4 as digit
    union all
    select 5 as digit
    union all
    select 6 as digit
    union all
    select 7 as digit
    union all
    select 8 as digit
    union all
    select 9 as digit
),

offsets as (
    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit as day_offset
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
),

days as (
    select {{ add_days("cast('2015-01-01' as date)", 'day_offset') }} as date_day
    from offsets
),

final as (
    select
        date_day,
        cast(extract(year from date_day) as bigint) as year,
        cast(extract(quarter from date_day) as bigint) as quarter,
        cast(extract(month from date_day) as bigint) as month,
        {{ days_between('cast(date_trunc(\'week\', date_day) as date)', 'date_day') }} >= 5 as is_weekend,
        cast(date_trunc('week', date_day) as date) as week_start_date
    from days
    where extract(year from date_day) <= extract(year from {{ as_of_at() }}) + 1
)

select * from final
