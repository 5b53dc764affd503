-- Credits with their money, to the cent: each touch gets the cents of its share, and the cents that
-- rounding leaves over go to the largest remainders (V10). In numbers, which are put in order, joined and
-- written in less time than names take: int_credits_settled looks those up.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

positioned as (
    select * from {{ ref('int_touches_positioned') }}
    where is_direct_excluded is false
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
        conversion_no,
        attribution_model,
        touch_no,
        touch_position,
        touch_count,
        cast(null as {{ dbt.type_string() }}) as untouched_channel,
        false as is_fallback,
        credit
    from weighed
    union all
    select
        unsolved.conversion_no,
        unsolved.attribution_model,
        weighed.touch_no,
        weighed.touch_position,
        weighed.touch_count,
        cast(null as {{ dbt.type_string() }}) as untouched_channel,
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
        touches.touch_no,
        positioned.touch_position,
        positioned.touch_count,
        case when touches.touch_no is null then solved_credits.channel end as untouched_channel,
        solved_credits.is_fallback,
        solved_credits.credit
    from solved_credits
    inner join conversions on solved_credits.conversion_id = conversions.conversion_id
    left join touches
        on
            conversions.conversion_no = touches.conversion_no
            and solved_credits.touch_id = touches.touch_id
    left join positioned
        on touches.conversion_no = positioned.conversion_no and touches.touch_no = positioned.touch_no
),

-- From the whole: every conversion, in every model, with or without touches.
shared as (
    select
        conversions.conversion_no,
        attribution_models.attribution_model,
        credits.touch_no,
        case when credits.touch_no is null then coalesce(credits.untouched_channel, 'Unattributed') end
            as untouched_channel,
        credits.touch_position,
        coalesce(credits.touch_count, cast(0 as bigint)) as touch_count,
        coalesce(credits.credit, cast(1 as double)) as credit,
        coalesce(credits.is_fallback, false) as is_fallback,
        cast(round(conversions.amount_reporting * 100, 0) as bigint) as amount_cents
    from conversions
    cross join attribution_models
    left join credits
        on
            conversions.conversion_no = credits.conversion_no
            and attribution_models.attribution_model = credits.attribution_model
),

-- Most conversions have no amount, and nothing to put in order for it.
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
    where amount_cents is not null
    union all
    select
        *,
        cast(null as bigint) as credited_cents
    from shared
    where amount_cents is null
),

final as (
    select
        conversion_no,
        attribution_model,
        touch_no,
        untouched_channel,
        touch_position,
        touch_count,
        credit,
        is_fallback,
        cast(cast(credited_cents as decimal(18, 2)) / 100 as decimal(18, 2)) as credited_amount
    from counted
)

select * from final
