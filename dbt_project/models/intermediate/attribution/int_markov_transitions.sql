{%- set order = var('markov_order') | int -%}
-- How often journeys went from state to state: converting journeys with the touches before their
-- conversion, the others with all touches of the lookback before the run's clock.
with journey_touches as (
    select * from {{ ref('int_journey_touches') }}
),

journey_conversions as (
    select * from {{ ref('int_journey_conversions') }}
),

conversion_types as (
    select * from {{ ref('conversion_types') }}
),

opened as (
    select
        ({{ epoch_us(as_of_at()) }} - {{ var('attribution_lookback_days') }} * cast(86400000000 as bigint))
        * 512 as first_step
),

walked as (
    select
        journey_touches.person_no as journey,
        journey_touches.step as place,
        journey_touches.bucket,
        journey_touches.converted_types,
        journey_touches.step % 64 as channel_no,
        case
            when journey_touches.previous_step >= opened.first_step then journey_touches.previous_step % 64
            else 0
        end as previous_no
    from journey_touches
    cross join opened
    where journey_touches.step >= opened.first_step
),

converted as (
    select
        conversion_id as journey,
        touch_position as place,
        bucket,
        conversion_type,
        channel_no,
        coalesce(lag(channel_no) over (partition by conversion_id order by touch_position), 0) as previous_no,
        coalesce(amount_reporting, 0) as amount_reporting
    from journey_conversions
),

walked_steps as (
    select
        bucket,
        converted_types,
        {{ markov_state(order) }} as from_state,
        channel_no{% if order > 1 %} + 64 * ({{ markov_state(order - 1) }}){% endif %} as to_state
    from walked
    -- Repeats of one channel collapse.
    where channel_no <> previous_no
),

converted_steps as (
    select
        conversion_type,
        bucket,
        {{ markov_state(order) }} as from_state,
        channel_no{% if order > 1 %} + 64 * ({{ markov_state(order - 1) }}){% endif %} as to_state,
        amount_reporting
    from converted
    where channel_no <> previous_no
),

walked_moves as (
    select
        bucket,
        converted_types,
        from_state,
        to_state,
        count(*) as journeys
    from walked_steps
    group by bucket, converted_types, from_state, to_state
),

moves as (
    select
        conversion_type,
        bucket,
        cast(-1 as bigint) as end_state,
        from_state,
        to_state,
        count(*) as journeys,
        sum(amount_reporting) as amount_reporting
    from converted_steps
    group by conversion_type, bucket, from_state, to_state
    union all
    select
        conversion_types.conversion_type,
        walked_moves.bucket,
        cast(-2 as bigint) as end_state,
        walked_moves.from_state,
        walked_moves.to_state,
        walked_moves.journeys,
        cast(0 as decimal(18, 2)) as amount_reporting
    from walked_moves
    inner join conversion_types
        on (
            walked_moves.converted_types
            & cast(power(2, conversion_types.conversion_order) as bigint)
        ) = 0
),

-- Where a state was entered and not left, the journey ended.
crossings as (
    select
        conversion_type,
        bucket,
        end_state,
        to_state as state,
        journeys,
        amount_reporting
    from moves
    union all
    select
        conversion_type,
        bucket,
        end_state,
        from_state as state,
        -journeys as journeys,
        -amount_reporting as amount_reporting
    from moves
    where from_state > 0
),

counted as (
    select
        conversion_type,
        bucket,
        from_state,
        to_state,
        journeys,
        -- What a conversion is worth goes with its end.
        cast(0 as decimal(18, 2)) as amount_reporting
    from moves
    union all
    select
        conversion_type,
        bucket,
        state as from_state,
        end_state as to_state,
        sum(journeys) as journeys,
        sum(amount_reporting) as amount_reporting
    from crossings
    group by conversion_type, bucket, state, end_state
    having sum(journeys) > 0
),

final as (
    select
        conversion_type,
        bucket,
        cast(from_state as bigint) as from_state,
        cast(to_state as bigint) as to_state,
        cast(sum(journeys) as bigint) as journeys,
        cast(sum(amount_reporting) as decimal(18, 2)) as amount_reporting
    from counted
    group by conversion_type, bucket, from_state, to_state
)

select * from final
