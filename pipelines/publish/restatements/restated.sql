-- The differences with their causes and, where one file alone can have brought one, that file.
insert into {ledger} by name
with explained as (
    select
        evidence.figure,
        evidence.period_month,
        evidence.channel,
        evidence.platform,
        arg_min(evidence.cause, causes.cause_order) as cause,
        arg_min(evidence.kind, causes.cause_order) as kind
    from evidence
    inner join causes on evidence.cause = causes.cause
    group by all
),

counted as (
    select
        figure,
        period_month,
        channel,
        platform,
        cause,
        count(*) as evidence_count
    from evidence
    group by all
),

refitted as (
    select distinct attribution_model
    from new_credits
    where attribution_model in {solved_models} and not is_fallback
),

brought as (
    select
        d.*,
        e.kind,
        coalesce(
            {cause},
            e.cause,
            case when refitted.attribution_model is not null then 'model_refit' end,
            'unexplained'
        ) as cause,
        case when {cause} is null then coalesce(c.evidence_count, 0) else 0 end as evidence_count
    from differences as d
    left join refitted on d.attribution_model = refitted.attribution_model
    left join explained as e
        on
            d.figure = e.figure
            and d.period_month = e.period_month
            and d.channel is not distinct from e.channel
            and d.platform is not distinct from e.platform
    left join counted as c
        on
            e.figure = c.figure
            and e.period_month = c.period_month
            and e.channel is not distinct from c.channel
            and e.platform is not distinct from c.platform
            and e.cause = c.cause
),

kinds as (
    select distinct
        cause,
        kind,
        platform
    from brought
    where kind is not null and {cause} is null
),

-- Only where one file can have brought it: where several can, none is named.
files as (
    select
        kinds.cause,
        kinds.kind,
        kinds.platform,
        case when count(*) = 1 then any_value(new_files.file_id) end as file_id
    from kinds
    inner join new_files
        on
            case
                when kinds.kind = 'spend' then kinds.platform = new_files.source
                when kinds.cause in ('identity_merge', 'identified', 'identity_lost') then new_files.kind <> 'spend'
                else kinds.kind = new_files.kind
            end
    group by all
),

open_spend as (
    select
        platform,
        period_month,
        bool_or(is_provisional) as is_provisional
    from old_spend
    group by all
)

select
    md5(concat_ws(
        '|',
        {release_id},
        {previous_id},
        {restated_at},
        b.figure,
        b.period_month,
        coalesce(b.channel, '_null_'),
        coalesce(b.attribution_model, '_null_'),
        coalesce(b.platform, '_null_')
    )) as restatement_id,
    {release_id} as release_id,
    {previous_id} as previous_release_id,
    b.figure,
    b.unit,
    b.period_month,
    b.channel,
    b.attribution_model,
    b.platform,
    b.old_value,
    b.new_value,
    b.new_value - b.old_value as delta,
    b.cause,
    b.evidence_count,
    files.file_id,
    b.period_month = month_of({clock})
    or (b.figure = 'spend' and coalesce(open_spend.is_provisional, false)) as is_provisional,
    abs(b.new_value - b.old_value) > {material_share} * abs(b.old_value) as is_material,
    month_of({as_of_at}) as booking_month,
    {previous_as_of_at} as previous_as_of_at,
    {as_of_at} as as_of_at,
    {restated_at} as restated_at
from brought as b
left join files
    on
        b.cause = files.cause
        and b.kind = files.kind
        and b.platform is not distinct from files.platform
left join open_spend
    on b.platform = open_spend.platform and b.period_month = open_spend.period_month
order by b.figure, b.period_month, b.channel, b.attribution_model, b.platform;
