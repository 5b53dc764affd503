with postings as (
    select * from {{ ref('int_revenue_postings_credited') }}
    where posting_type <> 'original'
),

final as (
    select
        posting_credit_id as adjustment_credit_id,
        revenue_change_id,
        conversion_id,
        posting_type as change_type,
        attribution_model,
        touch_id,
        channel,
        campaign_key,
        credit,
        credited_amount,
        cast(date_trunc('month', converted_date) as date) as conversion_month_start_date,
        cast(date_trunc('month', booked_date) as date) as booking_month_start_date
    from postings
)

select * from final
