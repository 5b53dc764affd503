with credits as (
    select * from {{ ref('int_credits_settled') }}
),

final as (
    select
        credit_id,
        conversion_id,
        conversion_type,
        touch_id,
        attribution_model,
        channel,
        campaign_key,
        touch_position,
        touch_count,
        credit,
        credited_amount,
        touched_at,
        converted_at
    from credits
)

select * from final
