-- Touches within the lookback of each conversion, both ends included, in their order (V13). Each kind of
-- touch counts for its own time, or for the shorter one of the conversion type.
with touches as (
    select * from {{ ref('int_touches_resolved') }}
),

conversion_persons as (
    select * from {{ ref('int_conversion_persons') }}
),

aged as (
    select
        conversion_persons.conversion_no,
        touches.touch_id,
        touches.person_no,
        touches.channel,
        touches.campaign_key,
        touches.touch_priority,
        least(coalesce(conversion_persons.lookback_days, touches.lookback_days), touches.lookback_days)
        * cast(86400000000 as bigint) as lookback_us,
        {{ epoch_us('conversion_persons.converted_at') }}
        - {{ epoch_us('touches.touched_at') }} as us_before_conversion,
        touches.touched_at
    from touches
    inner join conversion_persons
        on
            touches.person_no = conversion_persons.person_no
            and touches.touched_at <= conversion_persons.converted_until_at
),

final as (
    select
        conversion_no,
        cast(row_number() over (
            partition by conversion_no order by touched_at, touch_priority, touch_id
        ) as bigint) as touch_no,
        touch_id,
        person_no,
        channel,
        campaign_key,
        channel = 'Direct' as is_direct,
        -- Within the day or the minute that is all that is known of a conversion, a touch was at it.
        greatest(us_before_conversion, cast(0 as bigint)) as us_before_conversion,
        touched_at
    from aged
    where us_before_conversion <= lookback_us
)

select * from final
