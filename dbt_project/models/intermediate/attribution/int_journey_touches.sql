-- All touches of all persons within the history that is learned from, packed into two numbers and
-- sorted once: the solve reads them in this order. The history goes back whole days: the clock's time
-- of day, which tells of nobody, would have each run forget a few touches and solve anew.
with touches as (
    select * from {{ ref('int_touches_resolved') }}
),

channels as (
    select * from {{ ref('channels') }}
),

final as (
    select
        touches.person_no,
        (
            {{ epoch_us('touches.touched_at') }} * 8 + least(touches.touch_priority, 7)
        ) * 64 + channels.sort_order as step
    from touches
    inner join channels on touches.channel = channels.channel
    where
        {{ epoch_us('touches.touched_at') }} >= {{ epoch_us(as_of_at()) }}
        - {{ epoch_us(as_of_at()) }} % cast(86400000000 as bigint)
        - {{ var('attribution_history_days') }} * cast(86400000000 as bigint)
)

select * from final
order by person_no, step
