-- The marketing channels that touched a deal at any time from the lookback before its creation to its
-- close, or to the run's clock while it is open; both ends included. A deal has many: it counts for each.
with opportunities as (
    select * from {{ ref('int_conversions_unioned') }}
    where conversion_type = 'opportunity'
),

closings as (
    select * from {{ ref('int_opportunities_priced') }}
),

conversion_types as (
    select * from {{ ref('conversion_types') }}
),

channels as (
    select * from {{ ref('channels') }}
    -- Direct is a consequence of what people know already.
    where is_marketing
),

touches as (
    select
        resolved.contact_key,
        resolved.account_key,
        resolved.channel,
        resolved.lookback_days,
        resolved.touched_at
    from {{ ref('int_touches_resolved') }} as resolved
    inner join channels on resolved.channel = channels.channel
    where resolved.contact_key is not null
),

windows as (
    select
        opportunities.conversion_id,
        opportunities.opportunity_id,
        opportunities.credit_scope,
        opportunities.contact_key,
        opportunities.account_key,
        opportunities.converted_at as created_at,
        coalesce(closings.closed_at, {{ as_of_at() }}) as closed_at,
        conversion_types.lookback_days
    from opportunities
    inner join closings on opportunities.opportunity_id = closings.opportunity_id
    inner join conversion_types on opportunities.conversion_type = conversion_types.conversion_type
),

matched as (
    select
        windows.*,
        touches.channel,
        touches.lookback_days as touch_lookback_days,
        touches.touched_at
    from windows
    inner join touches on windows.contact_key = touches.contact_key
    where windows.credit_scope = 'contact'
    union all
    select
        windows.*,
        touches.channel,
        touches.lookback_days as touch_lookback_days,
        touches.touched_at
    from windows
    inner join touches on windows.account_key = touches.account_key
    where windows.credit_scope = 'account'
),

final as (
    select
        {{ surrogate_key(['conversion_id', 'channel']) }} as opportunity_influence_id,
        conversion_id,
        opportunity_id,
        channel,
        cast(count(*) as bigint) as touch_count,
        min(touched_at) as first_touched_at
    from matched
    where
        touched_at <= closed_at
        and {{ epoch_us('created_at') }} - {{ epoch_us('touched_at') }}
        <= least(coalesce(lookback_days, touch_lookback_days), touch_lookback_days) * cast(86400000000 as bigint)
    group by conversion_id, opportunity_id, channel
)

select * from final
