-- The figures of one release that are watched: a month's, and of a channel or platform where it has
-- one. Counts and cents are exact, credits are rounded to six places.
create or replace temp table {side}_figures (
    figure varchar,
    unit varchar,
    period_month date,
    channel varchar,
    attribution_model varchar,
    platform varchar,
    value decimal(24, 6)
);

insert into {side}_figures by name
select
    figure_names.counted as figure,
    'count' as unit,
    conversions.period_month,
    count(*) as value
from {side}_conversions as conversions
inner join figure_names on conversions.conversion_type = figure_names.conversion_type
group by all;

insert into {side}_figures by name
select
    figure_names.summed as figure,
    'reporting currency' as unit,
    conversions.period_month,
    sum(conversions.amount_reporting) as value
from {side}_conversions as conversions
inner join figure_names on conversions.conversion_type = figure_names.conversion_type
where figure_names.summed is not null
group by all;

insert into {side}_figures by name
select
    figure_names.counted as figure,
    'count' as unit,
    credits.period_month,
    credits.channel,
    credits.attribution_model,
    round(sum(credits.credit), 6) as value
from {side}_credits as credits
inner join figure_names on credits.conversion_type = figure_names.conversion_type
group by all;

insert into {side}_figures by name
select
    figure_names.summed as figure,
    'reporting currency' as unit,
    credits.period_month,
    credits.channel,
    credits.attribution_model,
    sum(credits.credited_amount) as value
from {side}_credits as credits
inner join figure_names on credits.conversion_type = figure_names.conversion_type
where figure_names.summed is not null
group by all;

insert into {side}_figures by name
select
    'touches' as figure,
    'count' as unit,
    period_month,
    channel,
    count(*) as value
from {side}_touches
group by all;

insert into {side}_figures by name
select
    'contacts_first_seen' as figure,
    'count' as unit,
    period_month,
    count(*) as value
from {side}_contacts
where period_month is not null
group by all;

insert into {side}_figures by name
select
    'spend' as figure,
    'reporting currency' as unit,
    period_month,
    platform,
    sum(spend) as value
from {side}_spend
group by all;
