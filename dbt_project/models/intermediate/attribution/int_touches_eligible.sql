-- Touches within the lookback of each conversion, both ends included. A conversion of an account is
-- credited to the touches of all its contacts; an ad that was only seen counts for a shorter time.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

conversion_types as (
    select * from {{ ref('conversion_types') }}
),

-- Named twice, so that DuckDB need not keep all touches in memory for the second reading.
contact_touches as (
    select * from {{ ref('int_touches_resolved') }}
),

account_touches as (
    select * from {{ ref('int_touches_resolved') }}
    -- Nobody knows yet whose the others are.
    where contact_key is not null
),

windows as (
    select
        conversions.conversion_id,
        conversions.credit_scope,
        conversions.contact_key,
        conversions.account_key,
        conversions.converted_at,
        coalesce(conversion_types.click_lookback_days, {{ var('attribution_lookback_days') }})
        * cast(86400000000 as bigint) as click_lookback_us,
        conversion_types.view_lookback_days * cast(86400000000 as bigint) as view_lookback_us
    from conversions
    inner join conversion_types on conversions.conversion_type = conversion_types.conversion_type
),

matched as (
    select
        windows.conversion_id,
        windows.converted_at,
        windows.click_lookback_us,
        windows.view_lookback_us,
        contact_touches.touch_id,
        contact_touches.contact_key,
        contact_touches.channel,
        contact_touches.campaign_key,
        contact_touches.touch_type,
        contact_touches.touch_priority,
        contact_touches.touched_at
    from windows
    inner join contact_touches on windows.contact_key = contact_touches.contact_key
    where windows.credit_scope = 'contact'
    union all
    select
        windows.conversion_id,
        windows.converted_at,
        windows.click_lookback_us,
        windows.view_lookback_us,
        account_touches.touch_id,
        account_touches.contact_key,
        account_touches.channel,
        account_touches.campaign_key,
        account_touches.touch_type,
        account_touches.touch_priority,
        account_touches.touched_at
    from windows
    inner join account_touches on windows.account_key = account_touches.account_key
    where windows.credit_scope = 'account'
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
        contact_key,
        channel,
        campaign_key,
        channel = 'Direct' as is_direct,
        touch_priority,
        us_before_conversion,
        touched_at
    from aged
    where
        us_before_conversion >= 0
        and us_before_conversion <= case when touch_type = 'view' then view_lookback_us else click_lookback_us end
)

select * from final
