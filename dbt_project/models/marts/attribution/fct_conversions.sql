with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

final as (
    select
        conversion_id,
        conversion_type,
        contact_key,
        account_key,
        opportunity_id,
        amount,
        currency,
        amount_reporting,
        fx_rate_date,
        credit_scope,
        converted_at
    from conversions
)

select * from final
