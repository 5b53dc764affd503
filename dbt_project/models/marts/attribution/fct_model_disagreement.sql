-- Where the choice of the model is the answer (U8): how far the models' credits of a channel lie
-- apart, and how many channels stand above it by one model and below it by another.
with credits as (
    select * from {{ ref('fct_attribution_credits') }}
    -- These are no channels that money could be moved to, and the same in every rule.
    where channel not in ('Unattributed', 'Baseline')
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

channels as (
    select distinct
        conversion_type,
        channel
    from credits
),

summed as (
    select
        conversion_type,
        channel,
        attribution_model,
        {{ exact_sum('credit') }} as credit
    from credits
    group by conversion_type, channel, attribution_model
),

-- From the whole: a model that gives a channel nothing disagrees too.
compared as (
    select
        channels.conversion_type,
        channels.channel,
        attribution_models.attribution_model,
        attribution_models.model_order,
        cast(round(coalesce(summed.credit, 0), 9) as double) as credit
    from channels
    cross join attribution_models
    left join summed
        on
            channels.conversion_type = summed.conversion_type
            and channels.channel = summed.channel
            and attribution_models.attribution_model = summed.attribution_model
),

ranked as (
    select
        *,
        rank() over (partition by conversion_type, attribution_model order by credit desc) as credit_rank,
        row_number() over (
            partition by conversion_type, channel order by credit asc, model_order asc
        ) as lowest_order,
        row_number() over (
            partition by conversion_type, channel order by credit desc, model_order asc
        ) as highest_order
    from compared
),

pairs as (
    select
        ours.conversion_type,
        ours.channel,
        theirs.channel as other_channel,
        max(case when ours.credit > theirs.credit then 1 else 0 end)
        * max(case when ours.credit < theirs.credit then 1 else 0 end) as is_flipped
    from compared as ours
    inner join compared as theirs
        on
            ours.conversion_type = theirs.conversion_type
            and ours.attribution_model = theirs.attribution_model
            and ours.channel <> theirs.channel
    group by ours.conversion_type, ours.channel, theirs.channel
),

flips as (
    select
        conversion_type,
        channel,
        cast(sum(is_flipped) as bigint) as rank_flip_count
    from pairs
    group by conversion_type, channel
),

spread as (
    select
        conversion_type,
        channel,
        cast(count(*) as bigint) as model_count,
        min(credit) as lowest_credit,
        max(credit) as highest_credit,
        round({{ exact_sum('credit') }} / count(*), 9) as mean_credit,
        max(case when lowest_order = 1 then attribution_model end) as lowest_model,
        max(case when highest_order = 1 then attribution_model end) as highest_model,
        cast(min(credit_rank) as bigint) as best_rank,
        cast(max(credit_rank) as bigint) as worst_rank
    from ranked
    group by conversion_type, channel
),

final as (
    select
        {{ surrogate_key(['spread.conversion_type', 'spread.channel']) }} as model_disagreement_id,
        spread.conversion_type,
        spread.channel,
        spread.model_count,
        spread.lowest_credit,
        spread.highest_credit,
        spread.mean_credit,
        {{ ratio('spread.highest_credit - spread.lowest_credit', 'spread.mean_credit') }} as disagreement_index,
        spread.lowest_model,
        spread.highest_model,
        spread.best_rank,
        spread.worst_rank,
        coalesce(flips.rank_flip_count, cast(0 as bigint)) as rank_flip_count
    from spread
    left join flips on spread.conversion_type = flips.conversion_type and spread.channel = flips.channel
)

select * from final
