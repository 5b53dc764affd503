-- What changed records say of a figure: a row a record and place. One that moved from one month or
-- channel to another is evidence for both.
create or replace temp table evidence (
    figure varchar,
    period_month date,
    channel varchar,
    platform varchar,
    cause varchar,
    kind varchar
);

insert into evidence by name
select
    figure_names.counted as figure,
    unnest([changed.old_month, changed.new_month]) as period_month,
    changed.cause,
    'conversion' as kind
from changed_conversions as changed
inner join figure_names
    on coalesce(changed.new_type, changed.old_type) = figure_names.conversion_type
where changed.is_moved;

insert into evidence by name
select
    figure_names.summed as figure,
    unnest(list_distinct([changed.old_month, changed.new_month])) as period_month,
    changed.cause,
    'conversion' as kind
from changed_conversions as changed
inner join figure_names
    on coalesce(changed.new_type, changed.old_type) = figure_names.conversion_type;

insert into evidence by name
select
    figure_names.counted as figure,
    changed.period_month,
    changed.channel,
    changed.cause,
    changed.kind
from changed_credits as changed
inner join figure_names on changed.conversion_type = figure_names.conversion_type
where changed.is_moved and changed.is_reason_of_count;

insert into evidence by name
select
    figure_names.summed as figure,
    changed.period_month,
    changed.channel,
    changed.cause,
    changed.kind
from changed_credits as changed
inner join figure_names on changed.conversion_type = figure_names.conversion_type;

insert into evidence by name
with moved as (
    select * from changed_touches
    where (old_month, old_channel) is distinct from (new_month, new_channel)
),

places as (
    select
        old_month as period_month,
        old_channel as channel,
        cause
    from moved
    union all
    select
        new_month as period_month,
        new_channel as channel,
        cause
    from moved
)

select
    'touches' as figure,
    period_month,
    channel,
    cause,
    'touch' as kind
from places;

insert into evidence by name
select
    'contacts_first_seen' as figure,
    unnest([old_month, new_month]) as period_month,
    cause,
    'conversion' as kind
from changed_contacts
where old_month is distinct from new_month;

insert into evidence by name
select
    'spend' as figure,
    period_month,
    platform,
    cause,
    'spend' as kind
from changed_days;
