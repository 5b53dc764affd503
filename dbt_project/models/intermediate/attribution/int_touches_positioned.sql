-- One row per conversion, model and touch that takes part in that model, with its position. What a
-- model leaves out, such as Direct, is left out before positions and weights.
with touches as (
    select * from {{ ref('int_touches_eligible') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

judged as (
    select
        *,
        min(case when is_direct then 1 else 0 end) over (partition by conversion_id) = 1 as is_only_direct
    from touches
),

final as (
    select
        judged.conversion_id,
        attribution_models.attribution_model,
        judged.touch_id,
        judged.channel,
        judged.campaign_key,
        judged.us_before_conversion,
        judged.touched_at,
        cast(row_number() over (
            partition by judged.conversion_id, attribution_models.attribution_model
            order by judged.touched_at, judged.touch_priority, judged.touch_id
        ) as bigint) as touch_position,
        cast(count(*) over (
            partition by judged.conversion_id, attribution_models.attribution_model
        ) as bigint) as touch_count
    from judged
    cross join attribution_models
    where
        attribution_models.is_direct_excluded is false
        or judged.is_direct is false
        or judged.is_only_direct
)

select * from final
