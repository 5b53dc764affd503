-- Touches within the lookback of each conversion, both ends included. A conversion of an account is
-- credited to the touches of all its contacts; each kind of touch counts for its own time, or
-- for the shorter one of the conversion type.
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
        conversion_types.lookback_days
    from conversions
    inner join conversion_types on conversions.conversion_type = conversion_types.conversion_type
),

matched as (
    select
        windows.conversion_id,
        windows.converted_at,
        least(
            coalesce(windows.lookback_days, contact_touches.lookback_days), contact_touches.lookback_days
        ) as lookback_days,
        contact_touches.touch_id,
        contact_touches.contact_key,
        contact_touches.channel,
        contact_touches.campaign_key,
        contact_touches.touch_priority,
        contact_touches.touched_at
    from windows
    inner join contact_touches on windows.contact_key = contact_touches.contact_key
    where windows.credit_scope = 'contact'
    union all
    select
        windows.conversion_id,
        windows.converted_at,
        least(
            coalesce(windows.lookback_days, account_touches.lookback_days), account_touches.lookback_days
        ) as lookback_days,
        account_touches.touch_id,
        account_touches.contact_key,
        account_touches.channel,
        account_touches.campaign_key,
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
        and us_before_conversion <= lookback_days * cast(86400000000 as bigint)
)

select * from final
