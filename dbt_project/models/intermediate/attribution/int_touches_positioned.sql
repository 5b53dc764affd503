-- The place of each touch in its journey, once with Direct and once without, since what a model leaves out
-- is left out before positions; and all that the rules need to know of the journey, so that no window
-- has to be computed once a model. Numbers only: what a touch is called stays in int_touches_eligible.
with touches as (
    select * from {{ ref('int_touches_eligible') }}
),

stages as (
    select * from {{ ref('int_conversion_stages_dated') }}
),

exclusions as (
    select distinct is_direct_excluded
    from {{ ref('attribution_models') }}
),

counted as (
    select
        *,
        count(*) over (partition by conversion_no) as touches,
        sum(case when is_direct then 0 else 1 end) over (partition by conversion_no) as other_touches,
        sum(case when is_direct then 0 else 1 end) over (
            partition by conversion_no order by touch_no rows between unbounded preceding and current row
        ) as other_touches_so_far
    from touches
),

-- Where there is nothing but Direct, it is not left out.
ordered as (
    select
        counted.conversion_no,
        exclusions.is_direct_excluded,
        counted.touch_no,
        counted.person_no,
        counted.us_before_conversion,
        counted.touched_at,
        cast(case
            when exclusions.is_direct_excluded and counted.other_touches > 0 then counted.other_touches_so_far
            else counted.touch_no
        end as bigint) as touch_position,
        cast(case
            when exclusions.is_direct_excluded and counted.other_touches > 0 then counted.other_touches
            else counted.touches
        end as bigint) as touch_count
    from counted
    cross join exclusions
    where exclusions.is_direct_excluded is false or counted.is_direct is false or counted.other_touches = 0
),

newest as (
    select
        conversion_no,
        is_direct_excluded,
        us_before_conversion
    from ordered
    where touch_position = touch_count
),

decayed as (
    select
        ordered.*,
        -- From the newest touch on, so that even the smallest weight stays above zero.
        power(
            cast(2 as double),
            -cast(ordered.us_before_conversion - newest.us_before_conversion as double)
            / ({{ var('time_decay_half_life_days') }} * cast(86400000000 as double))
        ) as decay_weight,
        ordered.touched_at <= stages.lead_until_at
        and ordered.person_no = stages.lead_person_no as is_before_lead,
        ordered.touched_at <= stages.opportunity_until_at as is_before_opportunity,
        ordered.touched_at <= stages.closed_won_until_at as is_before_closed_won
    from ordered
    inner join newest
        on ordered.conversion_no = newest.conversion_no and ordered.is_direct_excluded = newest.is_direct_excluded
    inner join stages on ordered.conversion_no = stages.conversion_no
),

journeys as (
    select
        conversion_no,
        is_direct_excluded,
        max(case when is_before_lead then touch_position end) as lead_position,
        max(case when is_before_opportunity then touch_position end) as opportunity_position,
        max(case when is_before_closed_won then touch_position end) as closed_won_position,
        {{ exact_sum('decay_weight') }} as decay_weight_total
    from decayed
    group by conversion_no, is_direct_excluded
),

final as (
    select
        decayed.conversion_no,
        decayed.is_direct_excluded,
        decayed.touch_no,
        decayed.touch_position,
        decayed.touch_count,
        journeys.lead_position,
        journeys.opportunity_position,
        journeys.closed_won_position,
        decayed.decay_weight / journeys.decay_weight_total as decay_share
    from decayed
    inner join journeys
        on decayed.conversion_no = journeys.conversion_no and decayed.is_direct_excluded = journeys.is_direct_excluded
)

select * from final
