-- What marketing did for each deal, by three readings. Sourced has one owner, the first touch within the
-- lookback before the deal's creation, and is marketing's if that channel is; influenced counts every
-- marketing channel that touched the deal before its close; attributed shares it by the headline model.
with opportunities as (
    select * from {{ ref('int_conversions_unioned') }}
    where conversion_type = 'opportunity'
),

credits as (
    select * from {{ ref('int_credits_settled') }}
    where conversion_type = 'opportunity'
),

influences as (
    select * from {{ ref('int_opportunities_influenced') }}
),

channels as (
    select * from {{ ref('channels') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
    where is_headline
),

shared as (
    select
        credits.conversion_id,
        case when channels.is_marketing then 'sourced' else 'not_sourced' end as contribution,
        credits.channel,
        credits.credit as opportunity_share
    from credits
    inner join channels on credits.channel = channels.channel
    where credits.attribution_model = 'first_touch'
    union all
    select
        conversion_id,
        'influenced' as contribution,
        channel,
        cast(1 as double) as opportunity_share
    from influences
),

contributions as (
    select
        shared.conversion_id,
        shared.contribution,
        shared.channel,
        shared.opportunity_share,
        opportunities.amount_reporting as amount
    from shared
    inner join opportunities on shared.conversion_id = opportunities.conversion_id
    union all
    select
        credits.conversion_id,
        'attributed' as contribution,
        credits.channel,
        round({{ exact_sum('credits.credit') }}, 12) as opportunity_share,
        sum(credits.credited_amount) as amount
    from credits
    inner join attribution_models on credits.attribution_model = attribution_models.attribution_model
    group by credits.conversion_id, credits.channel
),

final as (
    select
        {{ surrogate_key(['contributions.conversion_id', 'contributions.contribution', 'contributions.channel']) }}
            as pipeline_contribution_id,
        contributions.conversion_id,
        opportunities.opportunity_id,
        contributions.contribution,
        contributions.channel,
        cast(contributions.opportunity_share as double) as opportunity_share,
        cast(contributions.amount as decimal(18, 2)) as amount,
        -- Of the channels that influenced a deal one stands for it where deals are counted.
        contributions.contribution <> 'influenced' or row_number() over (
            partition by contributions.conversion_id, contributions.contribution order by contributions.channel
        ) = 1 as is_counted_once,
        opportunities.converted_at
    from contributions
    inner join opportunities on contributions.conversion_id = opportunities.conversion_id
)

select * from final
