-- Every day from 2015, or from the year of the first fact where that is earlier, to the end of the year
-- after the run's clock. facts_since bounds the facts, and so the days.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
),

ad_spend_daily as (
    select * from {{ ref('int_ad_spend_daily') }}
),

facts as (
    select cast(converted_at as date) as date_day
    from conversions
    union all
    select cast(touched_at as date) as date_day
    from touches
    union all
    select date_day
    from ad_spend_daily
),

spanned as (
    -- A fact's local day can be the one before.
    select cast(date_trunc('year', {{ add_days('min(date_day)', -1) }}) as date) as first_date
    from facts
),

bounds as (
    select
        least(cast('2015-01-01' as date), coalesce(first_date, cast('2015-01-01' as date))) as first_date,
        extract(year from {{ reporting_day(as_of_at()) }}) + 1 as last_year
    from spanned
),

ticks as (
    select
        first_date,
        last_year,
        {{ split_rows("repeat(',', cast(366 * (last_year - extract(year from first_date) + 1) as int))", ',') }} as tick
    from bounds
),

days as (
    select
        last_year,
        {{ add_days('first_date', 'row_number() over (order by tick) - 1') }} as date_day
    from ticks
),

final as (
    select
        date_day,
        cast(extract(year from date_day) as bigint) as year,
        cast(extract(quarter from date_day) as bigint) as quarter,
        cast(extract(month from date_day) as bigint) as month,
        {{ days_between('cast(date_trunc(\'week\', date_day) as date)', 'date_day') }} >= 5 as is_weekend,
        cast(date_trunc('week', date_day) as date) as week_start_date,
        {{ fiscal_year('date_day', var('fiscal_year_start_month')) }} as fiscal_year,
        {{ fiscal_quarter('date_day', var('fiscal_year_start_month')) }} as fiscal_quarter
    from days
    where extract(year from date_day) <= last_year
)

select * from final
