with credits as (
    select * from {{ ref('int_credits_settled') }}
),

evidence as (
    select
        touch_id,
        account_weight,
        identity_weight * utm_weight * freshness_weight * dedupe_weight as touch_weight
    from {{ ref('int_touch_evidence_weighed') }}
),

weighed as (
    select
        credits.*,
        -- Where no touch is credited, nothing is claimed that could be wrong.
        case
            when credits.touch_id is null then cast(1 as double)
            -- Only credit of an account rests on whose contact it is.
            when credits.credit_scope = 'account' then evidence.touch_weight * evidence.account_weight
            else evidence.touch_weight
        end as evidence_weight
    from credits
    left join evidence on credits.touch_id = evidence.touch_id
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
        is_fallback,
        evidence_weight,
        credit * evidence_weight as confident_credit,
        touched_at,
        converted_at
    from weighed
)

select * from final
