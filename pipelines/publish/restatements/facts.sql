-- What one release says, as far as both clocks cover it: the rows that figures are made of.
create or replace temp macro month_of(moment) as
cast(date_trunc('month', timezone({zone}, timezone('UTC', moment))) as date);

create or replace temp table {side}_conversions as
select
    conversion_id,
    conversion_type,
    contact_key,
    account_key,
    amount_reporting,
    month_of(converted_at) as period_month
from {release}.attribution.fct_conversions
where converted_at <= {clock};

create or replace temp table {side}_credits as
select
    conversion_id,
    conversion_type,
    touch_id,
    attribution_model,
    channel,
    credit,
    credited_amount,
    is_fallback,
    month_of(converted_at) as period_month
from {release}.attribution.fct_attribution_credits
where
    converted_at <= {clock}
    and attribution_model in (
        select performance.attribution_model
        from {release}.attribution.fct_channel_performance_daily as performance
        where performance.is_headline_model
    );

create or replace temp table {side}_touches as
select
    touch_id,
    contact_key,
    account_key,
    channel,
    touched_at,
    month_of(touched_at) as period_month
from {release}.attribution.fct_touches
where touched_at <= {clock};

create or replace temp table {side}_contacts as
select
    contact_key,
    crm_source,
    record_count,
    case when not is_excluded and first_seen_at <= {clock} then month_of(first_seen_at) end
        as period_month
from {release}.core.dim_contacts;

create or replace temp table {side}_spend as
select
    platform,
    date_day,
    cast(date_trunc('month', date_day) as date) as period_month,
    sum(coalesce(spend_reporting, 0)) as spend,
    bool_or(is_provisional) as is_provisional
from {release}.attribution.fct_ad_spend_daily
-- A platform's day is known when it is over where the account is.
where
    date_day
    < cast(timezone(coalesce(source_timezone, {zone}), timezone('UTC', {clock})) as date)
group by all;
