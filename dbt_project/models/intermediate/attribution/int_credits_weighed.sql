-- The share of each touch in its conversion, by each rule (S4-24 to S4-28).
with touches as (
    select * from {{ ref('int_touches_positioned') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

weighed as (
    select
        touches.*,
        case
            when touches.attribution_model = 'first_touch'
                then case when touches.touch_position = 1 then 1.0 else 0.0 end
            when touches.attribution_model in ('last_touch', 'last_non_direct')
                then case when touches.touch_position = touches.touch_count then 1.0 else 0.0 end
            when touches.attribution_model = 'linear' then 1.0
            when touches.attribution_model = 'time_decay'
                -- From the newest touch on, so that even the smallest weight stays above zero.
                then power(
                    cast(2 as double),
                    -cast(
                        touches.us_before_conversion - min(touches.us_before_conversion) over (
                            partition by touches.conversion_id, touches.attribution_model
                        ) as double
                    ) / ({{ var('time_decay_half_life_days') }} * cast(86400000000 as double))
                )
            when touches.touch_count = 1 then 1.0
            when touches.touch_count = 2 then 0.5
            when touches.touch_position = 1 then attribution_models.first_weight
            when touches.touch_position = touches.touch_count then attribution_models.last_weight
            else attribution_models.middle_weight / (touches.touch_count - 2)
        end as weight
    from touches
    inner join attribution_models on touches.attribution_model = attribution_models.attribution_model
),

final as (
    select
        conversion_id,
        attribution_model,
        touch_id,
        channel,
        campaign_key,
        touch_position,
        touch_count,
        touched_at,
        cast(weight as double) / sum(cast(weight as double)) over (
            partition by conversion_id, attribution_model
            order by touch_position
            rows between unbounded preceding and unbounded following
        ) as credit
    from weighed
)

select * from final
