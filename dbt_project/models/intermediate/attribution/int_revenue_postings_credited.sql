-- Every posting goes to the touches that have its conversion's credit, in the same shares and to the
-- cent. The size is shared and the sign put back, so that a refund of the whole takes from each
-- touch exactly what it had.
with postings as (
    select * from {{ ref('int_revenue_postings') }}
),

credits as (
    select * from {{ ref('int_credits_settled') }}
    where conversion_type = 'closed_won'
),

shared as (
    select
        postings.posting_id,
        postings.revenue_change_id,
        postings.conversion_id,
        postings.posting_type,
        credits.attribution_model,
        credits.touch_id,
        credits.channel,
        credits.campaign_key,
        credits.touch_position,
        credits.credit,
        postings.converted_date,
        postings.booked_date,
        postings.amount is not null and postings.amount_reporting is null and credits.credit > 0 as is_unpriced,
        case when postings.amount_reporting < 0 then -1 else 1 end as posting_sign,
        cast(round(abs(postings.amount_reporting) * 100, 0) as bigint) as posting_cents
    from postings
    inner join credits on postings.conversion_id = credits.conversion_id
),

counted as (
    select
        *,
        {{ shared_cents(
            'posting_cents',
            'credit',
            partition_by=['posting_id', 'attribution_model'],
            tie_break=['touch_position asc nulls last', 'touch_id asc nulls last'],
        ) }} as credited_cents
    from shared
),

final as (
    select
        {{ surrogate_key(['posting_id', 'attribution_model', 'touch_id']) }} as posting_credit_id,
        posting_id,
        revenue_change_id,
        conversion_id,
        posting_type,
        attribution_model,
        touch_id,
        channel,
        campaign_key,
        credit,
        cast(cast(posting_sign * credited_cents as decimal(18, 2)) / 100 as decimal(18, 2)) as credited_amount,
        is_unpriced,
        converted_date,
        booked_date
    from counted
)

select * from final
