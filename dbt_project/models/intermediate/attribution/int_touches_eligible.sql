-- Touches within the lookback of each conversion, both ends included, in their order (V13). A
-- conversion of an account is credited to the touches of all its contacts.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
    -- Nobody knows yet whose the others are.
    where contact_key is not null
),

matched as (
    select
        conversions.conversion_id,
        conversions.converted_at,
        touches.touch_id,
        touches.channel,
        touches.campaign_key,
        touches.touch_priority,
        touches.touched_at
    from conversions
    inner join touches on conversions.contact_key = touches.contact_key
    where conversions.credit_scope = 'contact'
    union all
    select
        conversions.conversion_id,
        conversions.converted_at,
        touches.touch_id,
        touches.channel,
        touches.campaign_key,
        touches.touch_priority,
        touches.touched_at
    from conversions
    inner join touches on conversions.account_key = touches.account_key
    where conversions.credit_scope = 'account'
),

aged as (
    select
        *,
        {{ epoch_us('converted_at') }} - {{ epoch_us('touched_at') }} as us_before_conversion
    from matched
),

final as (
    select
        conversion_id,
        touch_id,
        channel,
        campaign_key,
        channel = 'Direct' as is_direct,
        touch_priority,
        us_before_conversion,
        touched_at
    from aged
    where
        us_before_conversion >= 0
        and us_before_conversion <= {{ var('attribution_lookback_days') }} * cast(86400000000 as bigint)
)

select * from final
