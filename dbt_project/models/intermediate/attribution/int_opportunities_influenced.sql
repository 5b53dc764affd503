-- The marketing channels that touched a deal at any time from the lookback before its creation to its
-- close, or to the run's clock while it is open; both ends included. A deal has many: it counts for each.
with opportunities as (
    select * from {{ ref('int_conversions_unioned') }}
    where conversion_type = 'opportunity'
),

closings as (
    select * from {{ ref('int_opportunities_priced') }}
),

conversion_persons as (
    select * from {{ ref('int_conversion_persons') }}
),

channels as (
    select * from {{ ref('channels') }}
    -- Direct is a consequence of what people know already.
    where is_marketing
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
),

matched as (
    select
        opportunities.conversion_id,
        opportunities.opportunity_id,
        opportunities.converted_at as created_at,
        coalesce(closings.closed_until_at, {{ as_of_at() }}) as closed_until_at,
        touches.channel,
        touches.touched_at,
        least(coalesce(conversion_persons.lookback_days, touches.lookback_days), touches.lookback_days)
            as lookback_days
    from opportunities
    inner join closings on opportunities.opportunity_id = closings.opportunity_id
    inner join conversion_persons on opportunities.conversion_no = conversion_persons.conversion_no
    inner join touches on conversion_persons.person_no = touches.person_no
    inner join channels on touches.channel = channels.channel
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
        touched_at <= closed_until_at
        and {{ epoch_us('created_at') }} - {{ epoch_us('touched_at') }}
        <= lookback_days * cast(86400000000 as bigint)
    group by conversion_id, opportunity_id, channel
)

select * from final
