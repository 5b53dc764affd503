-- The figure in money that changed most as a whole (no channel, no platform): as published first, by cause, and now.
with wholes as (
    select *
    from meta.restatements
    where unit = 'reporting currency' and channel is null and platform is null and attribution_model is null
),

most as (
    select figure
    from wholes
    group by figure
    order by sum(abs(delta)) desc, figure
    limit 1
),

changes as (
    select
        wholes.*,
        row_number() over (partition by wholes.period_month order by wholes.restated_at, wholes.restatement_id) as first_no
    from wholes
    inner join most on wholes.figure = most.figure
),

steps as (
    select
        figure,
        'reported' as step,
        sum(old_value) filter (where first_no = 1) as amount,
        count(*) filter (where first_no = 1) as figures,
        'absolute' as measure,
        1 as place
    from changes
    group by figure
    union all
    select
        figure,
        cause,
        sum(delta),
        count(*),
        'relative',
        2
    from changes
    group by figure, cause
    union all
    select
        figure,
        'now',
        sum(old_value) filter (where first_no = 1) + sum(delta),
        count(*) filter (where first_no = 1),
        'total',
        3
    from changes
    group by figure
)

select
    figure,
    step,
    amount,
    figures,
    measure,
    last_value(amount) over (order by place, step rows between unbounded preceding and unbounded following) as total
from steps
order by place, step
