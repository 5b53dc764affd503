-- The share of each touch in its conversion, by each rule (S4-24 to S4-28). An anchor is a touch that
-- a model gives a weight of its own: the first, the last, the one before a stage. One touch that is
-- several anchors has the sum of their weights; the weight of an anchor that a journey lacks is
-- shared by those it has.
with touches as (
    select * from {{ ref('int_touches_positioned') }}
),

attribution_models as (
    select
        attribution_model,
        rule,
        is_direct_excluded,
        coalesce(first_weight, 0) as first_weight,
        coalesce(lead_weight, 0) as lead_weight,
        coalesce(opportunity_weight, 0) as opportunity_weight,
        coalesce(closed_won_weight, 0) as closed_won_weight,
        coalesce(last_weight, 0) as last_weight,
        coalesce(middle_weight, 0) as middle_weight
    from {{ ref('attribution_models') }}
    where rule <> 'solved'
),

anchored as (
    select
        touches.conversion_no,
        attribution_models.attribution_model,
        attribution_models.rule,
        touches.touch_no,
        touches.touch_position,
        touches.touch_count,
        touches.decay_share,
        case when attribution_models.first_weight > 0 then cast(1 as bigint) end as first_position,
        case when attribution_models.lead_weight > 0 then touches.lead_position end as lead_position,
        case
            when attribution_models.opportunity_weight > 0 then touches.opportunity_position
        end as opportunity_position,
        case
            when attribution_models.closed_won_weight > 0 then touches.closed_won_position
        end as closed_won_position,
        case when attribution_models.last_weight > 0 then touches.touch_count end as last_position,
        attribution_models.first_weight,
        attribution_models.lead_weight,
        attribution_models.opportunity_weight,
        attribution_models.closed_won_weight,
        attribution_models.last_weight,
        attribution_models.middle_weight
    from touches
    inner join attribution_models on touches.is_direct_excluded = attribution_models.is_direct_excluded
),

counted as (
    select
        *,
        case when touch_position = first_position then first_weight else 0 end
        + case when touch_position = lead_position then lead_weight else 0 end
        + case when touch_position = opportunity_position then opportunity_weight else 0 end
        + case when touch_position = closed_won_position then closed_won_weight else 0 end
        + case when touch_position = last_position then last_weight else 0 end as anchor_weight,
        case when first_position is not null then first_weight else 0 end
        + case when lead_position is not null then lead_weight else 0 end
        + case when opportunity_position is not null then opportunity_weight else 0 end
        + case when closed_won_position is not null then closed_won_weight else 0 end
        + case when last_position is not null then last_weight else 0 end as present_weight,
        touch_count - case
            when rule = 'anchors' and middle_weight > 0 then {{ distinct_count([
                'first_position', 'lead_position', 'opportunity_position', 'closed_won_position', 'last_position',
            ]) }}
            else touch_count
        end as middle_count
    from anchored
),

weighed as (
    select
        *,
        case
            when anchor_weight > 0 or middle_count = 0 then anchor_weight
            else middle_weight / middle_count
        end as weight,
        present_weight + case when middle_count > 0 then middle_weight else 0 end as total_weight
    from counted
),

shared as (
    select
        conversion_no,
        attribution_model,
        touch_no,
        touch_position,
        touch_count,
        case
            when rule = 'time_decay' then decay_share
            -- A journey without a single anchor of the model is shared equally.
            when rule = 'linear' or total_weight = 0 then cast(1 as double) / touch_count
            else cast(weight as double) / total_weight
        end as credit
    from weighed
),

final as (
    select
        conversion_no,
        attribution_model,
        touch_no,
        touch_position,
        touch_count,
        credit
    from shared
    -- A touch that a model gives nothing has no row.
    where credit > 0
)

select * from final
