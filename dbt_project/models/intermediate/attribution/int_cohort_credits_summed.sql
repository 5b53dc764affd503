-- Look-forward: what the touches of a month were credited with, by how many months later the conversion
-- came. Credit that no touch has belongs to no month of touches.
with credits as (
    select * from {{ ref('int_credits_settled') }}
    where touch_id is not null
),

touches as (
    select * from {{ ref('int_touches_eligible') }}
),

conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

conversions_unpriced as (
    select conversion_id
    from conversions
    where amount is not null and amount_reporting is null
),

-- Which month it was is asked once a moment, not once a credit: a time zone's answer costs more than the rest.
moments as (
    select touched_at as happened_at from touches
    union
    select converted_at as happened_at from conversions
),

months as (
    select
        happened_at,
        {{ month_index(reporting_day('happened_at')) }} as month_no
    from moments
),

dated as (
    select
        cohorts.month_no as cohort_month_no,
        converted.month_no as converted_month_no,
        credits.channel,
        credits.attribution_model,
        credits.conversion_type,
        credits.credit,
        credits.credited_amount,
        credits.credit > 0 and conversions_unpriced.conversion_id is not null as is_unpriced
    from credits
    inner join months as cohorts on credits.touched_at = cohorts.happened_at
    inner join months as converted on credits.converted_at = converted.happened_at
    left join conversions_unpriced on credits.conversion_id = conversions_unpriced.conversion_id
),

summed as (
    select
        cohort_month_no,
        converted_month_no - cohort_month_no as months_since,
        channel,
        attribution_model,
        {%- for conversion_type, name in [('lead', 'leads'), ('closed_won', 'customers')] %}
        round({{ exact_sum("case when conversion_type = '" ~ conversion_type ~ "' then credit else 0 end") }}, 9)
            as {{ name }},
        {%- endfor %}
        cast(
            sum(case when conversion_type = 'opportunity' then coalesce(credited_amount, 0) else 0 end)
            as decimal(18, 2)
        ) as pipeline_amount,
        cast(
            sum(case when conversion_type = 'closed_won' then coalesce(credited_amount, 0) else 0 end)
            as decimal(18, 2)
        ) as revenue_amount,
        bool_or(is_unpriced) as is_amount_partial
    from dated
    group by cohort_month_no, converted_month_no - cohort_month_no, channel, attribution_model
),

final as (
    select
        {{ surrogate_key(['cohort_month_no', 'months_since', 'channel', 'attribution_model']) }} as cohort_credit_id,
        cohort_month_no,
        cast(months_since as bigint) as months_since,
        channel,
        attribution_model,
        leads,
        customers,
        pipeline_amount,
        revenue_amount,
        is_amount_partial
    from summed
)

select * from final
