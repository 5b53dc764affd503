-- The calendar month before the day of the meeting, beside the month before that, in the reporting currency.
with months as (
    select
        cast(date_trunc('month', $day - interval 1 month) as date) as month_start,
        cast(date_trunc('month', $day - interval 2 month) as date) as previous_start,
        cast(date_trunc('month', $day) as date) as month_end
),

conversions as (
    select
        conversion_type,
        converted_on >= month_start as is_month,
        amount_reporting
    from (
        select
            conversion_type,
            cast(converted_at at time zone 'UTC' at time zone $zone as date) as converted_on,
            amount_reporting
        from attribution.fct_conversions
    )
    cross join months
    where converted_on >= previous_start and converted_on < month_end
),

spend as (
    select
        date_day >= month_start as is_month,
        spend_reporting
    from attribution.fct_ad_spend_daily
    cross join months
    where date_day >= previous_start and date_day < month_end
)

select
    figure,
    this_month,
    previous_month
from (
    select
        1 as place,
        'Ad spend' as figure,
        sum(spend_reporting) filter (is_month) as this_month,
        sum(spend_reporting) filter (not is_month) as previous_month
    from spend
    union all
    select
        2 as place,
        concat('Conversions: ', conversion_type) as figure,
        count(*) filter (is_month) as this_month,
        count(*) filter (not is_month) as previous_month
    from conversions
    group by conversion_type
    union all
    select
        3 as place,
        'Revenue of won deals' as figure,
        sum(amount_reporting) filter (is_month) as this_month,
        sum(amount_reporting) filter (not is_month) as previous_month
    from conversions
    where conversion_type = 'closed_won'
)
order by place, figure
