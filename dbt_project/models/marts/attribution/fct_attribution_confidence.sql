-- How much of each channel's credit is sure (U3): what is not goes to Unsure, never to another
-- channel, so both columns add up to the conversions.
with credits as (
    select * from {{ ref('fct_attribution_credits') }}
),

touches as (
    select * from {{ ref('fct_touches') }}
),

evidence_grades as (
    select * from {{ ref('evidence_grades') }}
),

-- A contact whose link is wrong is wrong with all of its touches.
contact_credits as (
    select
        credits.attribution_model,
        credits.conversion_type,
        credits.channel,
        touches.contact_key,
        {{ decimal_sum('credits.credit') }} as credit,
        {{ decimal_sum('credits.confident_credit') }} as confident_credit,
        {{ exact_sum('credits.credit * sqrt(credits.evidence_weight * (1 - credits.evidence_weight))') }}
            as credit_deviation,
        sum(credits.credited_amount) as credited_amount,
        sum(
            cast(credits.credited_amount as decimal(24, 2)) * cast(credits.evidence_weight as decimal(12, 10))
        ) as confident_amount
    from credits
    left join touches on credits.touch_id = touches.touch_id
    group by credits.attribution_model, credits.conversion_type, credits.channel, touches.contact_key
),

channels as (
    select
        attribution_model,
        conversion_type,
        channel,
        round({{ exact_sum('credit') }}, 9) as credit,
        round({{ exact_sum('confident_credit') }}, 9) as confident_credit,
        round(1.96 * sqrt({{ exact_sum('credit_deviation * credit_deviation') }}), 9) as confident_credit_margin,
        cast(sum(credited_amount) as decimal(18, 2)) as credited_amount,
        cast(round(sum(confident_amount), 2) as decimal(18, 2)) as confident_amount
    from contact_credits
    group by attribution_model, conversion_type, channel
),

combined as (
    select
        attribution_model,
        conversion_type,
        channel,
        credit,
        confident_credit,
        confident_credit_margin,
        credited_amount,
        confident_amount,
        round({{ ratio('confident_credit', 'credit') }}, 9) as evidence_weight
    from channels
    union all
    select
        attribution_model,
        conversion_type,
        'Unsure' as channel,
        cast(0 as double) as credit,
        round({{ exact_sum('credit') }} - {{ exact_sum('confident_credit') }}, 9) as confident_credit,
        cast(null as double) as confident_credit_margin,
        case when count(credited_amount) > 0 then cast(0 as decimal(18, 2)) end as credited_amount,
        cast(sum(credited_amount) - sum(confident_amount) as decimal(18, 2)) as confident_amount,
        cast(null as double) as evidence_weight
    from channels
    group by attribution_model, conversion_type
),

final as (
    select
        {{ surrogate_key(['combined.attribution_model', 'combined.conversion_type', 'combined.channel']) }}
            as attribution_confidence_id,
        combined.attribution_model,
        combined.conversion_type,
        combined.channel,
        combined.credit,
        combined.confident_credit,
        -- Both engines' greatest and least pass over NULL: without a margin there is no interval.
        case
            when combined.confident_credit_margin is not null
                then greatest(combined.confident_credit - combined.confident_credit_margin, 0)
        end as confident_credit_low,
        case
            when combined.confident_credit_margin is not null
                then least(combined.confident_credit + combined.confident_credit_margin, combined.credit)
        end as confident_credit_high,
        combined.credited_amount,
        combined.confident_amount,
        combined.evidence_weight,
        evidence_grades.evidence_grade
    from combined
    left join evidence_grades on combined.evidence_weight >= evidence_grades.min_weight
    qualify row_number() over (
        partition by combined.attribution_model, combined.conversion_type, combined.channel
        order by evidence_grades.min_weight desc
    ) = 1
)

select * from final
