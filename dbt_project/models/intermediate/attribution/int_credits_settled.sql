-- Credits with what they are called: of numbers, the keys. A view, since most of its readers want few of
-- the rows and the mart alone all of the columns; written once more, they cost more than all they say.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

touches as (
    select * from {{ ref('int_touches_eligible') }}
),

credits as (
    select * from {{ ref('int_credits_counted') }}
),

final as (
    select
        {{ surrogate_key(['conversions.conversion_id', 'credits.attribution_model', 'touches.touch_id']) }}
            as credit_id,
        conversions.conversion_id,
        conversions.conversion_type,
        conversions.contact_key,
        conversions.credit_scope,
        touches.touch_id,
        credits.attribution_model,
        coalesce(credits.untouched_channel, touches.channel) as channel,
        touches.campaign_key,
        credits.touch_position,
        credits.touch_count,
        credits.credit,
        credits.is_fallback,
        credits.credited_amount,
        touches.touched_at,
        conversions.converted_at
    from credits
    inner join conversions on credits.conversion_no = conversions.conversion_no
    left join touches
        on credits.conversion_no = touches.conversion_no and credits.touch_no = touches.touch_no
)

select * from final
