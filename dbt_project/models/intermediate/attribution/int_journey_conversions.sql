-- The journeys that ended in a conversion, as the data-driven models see them.
with touches as (
    select * from {{ ref('int_touches_eligible') }}
),

conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

channels as (
    select * from {{ ref('channels') }}
),

conversion_types as (
    select * from {{ ref('conversion_types') }}
),

final as (
    select
        touches.conversion_no,
        touches.touch_no,
        conversions.conversion_type,
        conversion_types.conversion_order,
        {{ hash_bucket(
            "case when conversions.credit_scope = 'account' then conversions.account_key else conversions.contact_key end"
        ) }} as bucket,
        channels.sort_order as channel_no,
        touches.us_before_conversion,
        conversions.amount_reporting
    from touches
    inner join conversions on touches.conversion_no = conversions.conversion_no
    inner join conversion_types on conversions.conversion_type = conversion_types.conversion_type
    inner join channels on touches.channel = channels.channel
)

select * from final
