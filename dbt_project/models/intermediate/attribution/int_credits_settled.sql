-- Credits with their money, to the cent: each touch gets the cents of its share, and the cents that
-- rounding leaves over go to the largest remainders (V10). What has no touch is kept as Unattributed.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

positioned as (
    select * from {{ ref('int_touches_positioned') }}
),

touches as (
    select * from {{ ref('int_touches_eligible') }}
),

weighed as (
    select * from {{ ref('int_credits_weighed') }}
),

solved_credits as (
    select * from {{ ref('stg_solved__journey_credits') }}
    where credit > 0
),

solved_types as (
    select
        attribution_model,
        conversion_type
    from {{ ref('stg_solved__intervals') }}
    group by attribution_model, conversion_type
),

-- What nobody has solved, as in a bare `dbt build`, is what the fallback makes of it.
unsolved as (
    select
        conversions.conversion_no,
        attribution_models.attribution_model
    from conversions
    inner join attribution_models on attribution_models.rule = 'solved'
    left join solved_types
        on
            conversions.conversion_type = solved_types.conversion_type
            and attribution_models.attribution_model = solved_types.attribution_model
    where solved_types.attribution_model is null
),

credits as (
    select
        weighed.conversion_no,
        weighed.attribution_model,
        attribution_models.is_direct_excluded,
        weighed.touch_no,
        cast(null as {{ dbt.type_string() }}) as channel,
        false as is_fallback,
        weighed.credit
    from weighed
    inner join attribution_models on weighed.attribution_model = attribution_models.attribution_model
    union all
    select
        unsolved.conversion_no,
        unsolved.attribution_model,
        attribution_models.is_direct_excluded,
        weighed.touch_no,
        cast(null as {{ dbt.type_string() }}) as channel,
        true as is_fallback,
        weighed.credit
    from unsolved
    inner join weighed on unsolved.conversion_no = weighed.conversion_no
    inner join attribution_models
        on weighed.attribution_model = attribution_models.attribution_model and attribution_models.is_fallback
    union all
    -- Models that are solved see every touch; what they give to no touch, they give to a channel.
    select
        conversions.conversion_no,
        solved_credits.attribution_model,
        false as is_direct_excluded,
        touches.touch_no,
        solved_credits.channel,
        solved_credits.is_fallback,
        solved_credits.credit
    from solved_credits
    inner join conversions on solved_credits.conversion_id = conversions.conversion_id
    left join touches
        on
            conversions.conversion_no = touches.conversion_no
            and solved_credits.touch_id = touches.touch_id
),

-- From the whole: every conversion, in every model, with or without touches. Conversions and touches in numbers,
-- which are put in order in less time than names take; those are looked up behind it.
shared as (
    select
        conversions.conversion_no,
        attribution_models.attribution_model,
        credits.touch_no,
        credits.channel,
        positioned.touch_position,
        coalesce(positioned.touch_count, cast(0 as bigint)) as touch_count,
        coalesce(credits.credit, cast(1 as double)) as credit,
        coalesce(credits.is_fallback, false) as is_fallback,
        cast(round(conversions.amount_reporting * 100, 0) as bigint) as amount_cents
    from conversions
    cross join attribution_models
    left join credits
        on
            conversions.conversion_no = credits.conversion_no
            and attribution_models.attribution_model = credits.attribution_model
    left join positioned
        on
            credits.conversion_no = positioned.conversion_no
            and credits.touch_no = positioned.touch_no
            and credits.is_direct_excluded = positioned.is_direct_excluded
),

counted as (
    select
        *,
        {{ shared_cents(
            'amount_cents',
            'credit',
            partition_by=['conversion_no', 'attribution_model'],
            tie_break=['touch_position asc nulls last', 'touch_no asc nulls last'],
        ) }} as credited_cents
    from shared
),

final as (
    select
        {{ surrogate_key(['conversions.conversion_id', 'counted.attribution_model', 'touches.touch_id']) }}
            as credit_id,
        conversions.conversion_id,
        conversions.conversion_type,
        conversions.contact_key,
        conversions.credit_scope,
        touches.touch_id,
        counted.attribution_model,
        coalesce(counted.channel, touches.channel, 'Unattributed') as channel,
        touches.campaign_key,
        counted.touch_position,
        counted.touch_count,
        counted.credit,
        counted.is_fallback,
        cast(cast(counted.credited_cents as decimal(18, 2)) / 100 as decimal(18, 2)) as credited_amount,
        touches.touched_at,
        conversions.converted_at
    from counted
    inner join conversions on counted.conversion_no = conversions.conversion_no
    left join touches
        on counted.conversion_no = touches.conversion_no and counted.touch_no = touches.touch_no
)

select * from final
