-- The figures that the two releases show otherwise; one that a release has no row for is 0 there.
create or replace temp table differences as
with figures as (
    select
        *,
        'old' as side
    from old_figures
    union all
    select
        *,
        'new' as side
    from new_figures
)

select
    figure,
    unit,
    period_month,
    channel,
    attribution_model,
    platform,
    cast(coalesce(sum(value) filter (where side = 'old'), 0) as decimal(24, 6)) as old_value,
    cast(coalesce(sum(value) filter (where side = 'new'), 0) as decimal(24, 6)) as new_value
from figures
group by all
having old_value <> new_value;
