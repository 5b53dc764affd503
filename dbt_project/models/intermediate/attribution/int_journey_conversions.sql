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

attribution_models as (
    select * from {{ ref('attribution_models') }}
    where attribution_model = 'position_based_40_20_40'
),

positioned as (
    select
        conversions.conversion_id,
        conversions.conversion_type,
        conversion_types.conversion_order,
        {{ hash_bucket(
            "case when conversions.credit_scope = 'account' then conversions.account_key else conversions.contact_key end"
        ) }} as bucket,
        touches.touch_id,
        touches.channel,
        channels.sort_order as channel_no,
        row_number() over (
            partition by conversions.conversion_id
            order by touches.touched_at, touches.touch_priority, touches.touch_id
        ) as touch_position,
        count(*) over (partition by conversions.conversion_id) as touch_count,
        touches.us_before_conversion,
        conversions.amount_reporting
    from touches
    inner join conversions on touches.conversion_id = conversions.conversion_id
    inner join conversion_types on conversions.conversion_type = conversion_types.conversion_type
    inner join channels on touches.channel = channels.channel
),

final as (
    select
        positioned.conversion_id,
        positioned.conversion_type,
        positioned.conversion_order,
        positioned.bucket,
        positioned.touch_id,
        positioned.channel,
        positioned.channel_no,
        cast(positioned.touch_position as bigint) as touch_position,
        cast(positioned.touch_count as bigint) as touch_count,
        positioned.us_before_conversion,
        -- What data_driven falls back to where there are too few conversions (S4-28, S4-29).
        cast(
            case
                when positioned.touch_count = 1 then 1.0
                when positioned.touch_count = 2 then 0.5
                when positioned.touch_position = 1 then attribution_models.first_weight
                when positioned.touch_position = positioned.touch_count then attribution_models.last_weight
                else attribution_models.middle_weight / (positioned.touch_count - 2)
            end as double
        ) as position_based_credit,
        positioned.amount_reporting
    from positioned
    cross join attribution_models
)

select * from final
