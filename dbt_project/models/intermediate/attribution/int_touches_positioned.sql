-- The place of each touch in its journey (V13), once with Direct and once without, since what a
-- model leaves out is left out before positions; and all that the rules need to know of the journey,
-- so that no window has to be computed once a model.
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

judged as (
    select
        *,
        min(case when is_direct then 1 else 0 end) over (partition by conversion_id) = 1 as is_only_direct
    from touches
),

ordered as (
    select
        judged.conversion_id,
        exclusions.is_direct_excluded,
        judged.touch_id,
        judged.contact_key,
        judged.channel,
        judged.campaign_key,
        judged.us_before_conversion,
        judged.touched_at,
        cast(row_number() over (
            partition by judged.conversion_id, exclusions.is_direct_excluded
            order by judged.touched_at, judged.touch_priority, judged.touch_id
        ) as bigint) as touch_position,
        min(judged.us_before_conversion) over (
            partition by judged.conversion_id, exclusions.is_direct_excluded
        ) as newest_us_before_conversion
    from judged
    cross join exclusions
    where
        exclusions.is_direct_excluded is false
        or judged.is_direct is false
        or judged.is_only_direct
),

decayed as (
    select
        ordered.*,
        -- From the newest touch on, so that even the smallest weight stays above zero.
        power(
            cast(2 as double),
            -cast(ordered.us_before_conversion - ordered.newest_us_before_conversion as double)
            / ({{ var('time_decay_half_life_days') }} * cast(86400000000 as double))
        ) as decay_weight,
        ordered.touched_at <= stages.lead_at
        and ordered.contact_key = stages.lead_contact_key as is_before_lead,
        ordered.touched_at <= stages.opportunity_at as is_before_opportunity,
        ordered.touched_at <= stages.closed_won_at as is_before_closed_won
    from ordered
    inner join stages on ordered.conversion_id = stages.conversion_id
),

journeys as (
    select
        conversion_id,
        is_direct_excluded,
        cast(count(*) as bigint) as touch_count,
        max(case when is_before_lead then touch_position end) as lead_position,
        max(case when is_before_opportunity then touch_position end) as opportunity_position,
        max(case when is_before_closed_won then touch_position end) as closed_won_position,
        -- As a decimal, the sum is the same in whatever order it is added.
        cast(sum(cast(decay_weight as decimal(38, 18))) as double) as decay_weight_total
    from decayed
    group by conversion_id, is_direct_excluded
),

final as (
    select
        decayed.conversion_id,
        decayed.is_direct_excluded,
        decayed.touch_id,
        decayed.channel,
        decayed.campaign_key,
        decayed.touch_position,
        journeys.touch_count,
        journeys.lead_position,
        journeys.opportunity_position,
        journeys.closed_won_position,
        decayed.decay_weight / journeys.decay_weight_total as decay_share,
        decayed.touched_at
    from decayed
    inner join journeys
        on
            decayed.conversion_id = journeys.conversion_id
            and decayed.is_direct_excluded = journeys.is_direct_excluded
)

select * from final
