-- What happened to single records between the releases, and the first cause that fits each.
create or replace temp table changed_touches as
select
    coalesce(n.touch_id, o.touch_id) as touch_id,
    o.channel as old_channel,
    n.channel as new_channel,
    o.period_month as old_month,
    n.period_month as new_month,
    coalesce(n.contact_key, o.contact_key) as contact_key,
    case
        when coalesce(n.contact_key, o.contact_key) in (select erased.contact_key from erased) then 'erased_person'
        when o.touch_id is null then 'late_event'
        when n.touch_id is null then 'removed_record'
        when o.contact_key is null and n.contact_key is not null then 'identified'
        when o.contact_key is not null and n.contact_key is null then 'identity_lost'
        when
            (o.contact_key is distinct from n.contact_key)
            or (o.account_key is distinct from n.account_key)
            then 'identity_merge'
        else 'changed_record'
    end as cause
from old_touches as o
full join new_touches as n on o.touch_id = n.touch_id
where
    (o.contact_key, o.account_key, o.channel, o.touched_at)
    is distinct from (n.contact_key, n.account_key, n.channel, n.touched_at);

create or replace temp table changed_contacts as
with compared as (
    select
        coalesce(n.contact_key, o.contact_key) as contact_key,
        o.contact_key is null as is_new,
        n.contact_key is null as is_gone,
        o.period_month as old_month,
        n.period_month as new_month,
        coalesce(n.record_count - o.record_count, 0) as more_records
    from old_contacts as o
    full join new_contacts as n on o.contact_key = n.contact_key
),

touched as (
    select
        changed_touches.contact_key,
        arg_min(changed_touches.cause, causes.cause_order) as cause
    from changed_touches
    inner join causes on changed_touches.cause = causes.cause
    group by all
)

select
    compared.contact_key,
    compared.old_month,
    compared.new_month,
    case
        when compared.contact_key in (select erased.contact_key from erased) then 'erased_person'
        when compared.more_records <> 0 then 'identity_merge'
        -- Whoever is gone is part of somebody else, if anybody has more records than before.
        when compared.is_gone and max(compared.more_records) over () > 0 then 'identity_merge'
        when compared.is_gone then 'removed_record'
        when compared.is_new and min(compared.more_records) over () < 0 then 'identity_merge'
        when compared.is_new then 'late_event'
        else coalesce(touched.cause, 'changed_record')
    end as cause
from compared
left join touched on compared.contact_key = touched.contact_key
qualify
    compared.is_new
    or compared.is_gone
    or compared.more_records <> 0
    or compared.old_month is distinct from compared.new_month;

create or replace temp table changed_conversions as
select
    coalesce(n.conversion_id, o.conversion_id) as conversion_id,
    o.conversion_type as old_type,
    n.conversion_type as new_type,
    o.period_month as old_month,
    n.period_month as new_month,
    (
        o.conversion_type is distinct from n.conversion_type
        or o.period_month is distinct from n.period_month
    ) as is_moved,
    case
        when coalesce(n.contact_key, o.contact_key) in (select erased.contact_key from erased) then 'erased_person'
        when whose.cause = 'identity_merge' or o.contact_key <> n.contact_key
            then 'identity_merge'
        when
            (o.amount_reporting is distinct from n.amount_reporting)
            and o.conversion_id is not null
            and n.conversion_id is not null
            then 'amount_change'
        when o.conversion_id is null then 'late_event'
        when n.conversion_id is null then 'removed_record'
        else 'changed_record'
    end as cause
from old_conversions as o
full join new_conversions as n on o.conversion_id = n.conversion_id
left join changed_contacts as whose
    on coalesce(n.contact_key, o.contact_key) = whose.contact_key
where
    (o.conversion_type, o.period_month, o.amount_reporting)
    is distinct from (n.conversion_type, n.period_month, n.amount_reporting);

-- A conversion's credit changes with the conversion, or with a touch that had or has a share.
create or replace temp table changed_credits as
with credited as (
    select
        *,
        'old' as side
    from old_credits
    union all
    select
        *,
        'new' as side
    from new_credits
),

parts as (
    select
        conversion_id,
        conversion_type,
        attribution_model,
        channel,
        period_month,
        (
            round(sum(credit) filter (where side = 'old'), 9)
            is distinct from round(sum(credit) filter (where side = 'new'), 9)
        ) as is_moved
    from credited
    group by all
    having
        is_moved
        or (
            sum(credited_amount) filter (where side = 'old')
            is distinct from sum(credited_amount) filter (where side = 'new')
        )
),

reasons as (
    select
        conversion_id,
        cause,
        'conversion' as kind,
        is_moved
    from changed_conversions
    union
    select
        credited.conversion_id,
        changed_touches.cause,
        'touch' as kind,
        true as is_moved
    from credited
    inner join changed_touches on credited.touch_id = changed_touches.touch_id
)

select
    parts.conversion_id,
    parts.conversion_type,
    parts.attribution_model,
    parts.channel,
    parts.period_month,
    parts.is_moved,
    reasons.cause,
    reasons.kind,
    reasons.is_moved as is_reason_of_count
from parts
inner join reasons on parts.conversion_id = reasons.conversion_id;

create or replace temp table changed_days as
select
    coalesce(n.platform, o.platform) as platform,
    coalesce(n.period_month, o.period_month) as period_month,
    case
        when o.platform is null then 'late_event'
        when n.platform is null then 'removed_record'
        else 'spend_restatement'
    end as cause
from old_spend as o
full join new_spend as n on o.platform = n.platform and o.date_day = n.date_day
where o.spend is distinct from n.spend;
