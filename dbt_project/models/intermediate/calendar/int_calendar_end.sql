-- Up to when there is a calendar: the end of the year after the run's clock. The calendar reads this and not the
-- clock, and stands for the year.
with final as (
    select
        cast(
            concat(cast(extract(year from {{ reporting_day(as_of_at()) }}) + 1 as {{ dbt.type_string() }}), '-12-31')
            as date
        ) as last_day
)

select * from final
