-- Credits with their money, to the cent: each touch gets the cents of its share, and the cents that
-- rounding leaves over go to the largest remainders (V10). What has no touch is kept as Unattributed.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

touches as (
    select * from {{ ref('int_touches_positioned') }}
    -- Models that are solved see every touch.
    where is_direct_excluded is false
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

-- What nobody has solved, as in a bare `dbt build`.
unsolved as (
    select
        conversions.conversion_id,
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
        conversion_id,
        attribution_model,
        touch_id,
        channel,
        campaign_key,
        touch_position,
        touch_count,
        touched_at,
        false as is_fallback,
        credit
    from weighed
    union all
    select
        unsolved.conversion_id,
        unsolved.attribution_model,
        weighed.touch_id,
        weighed.channel,
        weighed.campaign_key,
        weighed.touch_position,
        weighed.touch_count,
        weighed.touched_at,
        true as is_fallback,
        weighed.credit
    from unsolved
    inner join weighed
        on
            unsolved.conversion_id = weighed.conversion_id
            and weighed.attribution_model = 'position_based_40_20_40'
    union all
    select
        solved_credits.conversion_id,
        solved_credits.attribution_model,
        solved_credits.touch_id,
        solved_credits.channel,
        touches.campaign_key,
        touches.touch_position,
        touches.touch_count,
        touches.touched_at,
        solved_credits.is_fallback,
        solved_credits.credit
    from solved_credits
    left join touches
        on
            solved_credits.conversion_id = touches.conversion_id
            and solved_credits.touch_id = touches.touch_id
),

-- From the whole: every conversion, in every model, with or without touches.
shared as (
    select
        conversions.conversion_id,
        conversions.conversion_type,
        conversions.contact_key,
        conversions.credit_scope,
        attribution_models.attribution_model,
        credits.touch_id,
        coalesce(credits.channel, 'Unattributed') as channel,
        credits.campaign_key,
        credits.touch_position,
        coalesce(credits.touch_count, cast(0 as bigint)) as touch_count,
        coalesce(credits.credit, cast(1 as double)) as credit,
        coalesce(credits.is_fallback, false) as is_fallback,
        credits.touched_at,
        conversions.converted_at,
        cast(round(conversions.amount_reporting * 100, 0) as bigint) as amount_cents
    from conversions
    cross join attribution_models
    left join credits
        on
            conversions.conversion_id = credits.conversion_id
            and attribution_models.attribution_model = credits.attribution_model
),

counted as (
    select
        *,
        {{ shared_cents(
            'amount_cents',
            'credit',
            partition_by=['conversion_id', 'attribution_model'],
            tie_break=['touch_position asc nulls last', 'touch_id asc nulls last'],
        ) }} as credited_cents
    from shared
),

final as (
    select
        {{ surrogate_key(['conversion_id', 'attribution_model', 'touch_id']) }} as credit_id,
        conversion_id,
        conversion_type,
        contact_key,
        credit_scope,
        touch_id,
        attribution_model,
        channel,
        campaign_key,
        touch_position,
        touch_count,
        credit,
        is_fallback,
        cast(cast(credited_cents as decimal(18, 2)) / 100 as decimal(18, 2)) as credited_amount,
        touched_at,
        converted_at
    from counted
)

select * from final
