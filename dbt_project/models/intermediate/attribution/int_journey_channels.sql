-- What the solve must know of all touches before it walks through them; no touch is after the clock.
with touches as (
    select * from {{ ref('int_journey_touches') }}
),

unpacked as (
    select
        step & 63 as channel_no,
        step >> 9 as touched_at_us
    from touches
),

final as (
    select
        channel_no,
        count(*) as touch_count,
        max(touched_at_us) as newest_at_us
    from unpacked
    group by channel_no
)

select * from final
