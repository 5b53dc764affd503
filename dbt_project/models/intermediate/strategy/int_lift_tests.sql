with experiments as (
    select * from {{ ref('stg_templates__experiments') }}
    where experiment_id is not null
    qualify row_number() over (partition by experiment_id order by file_id desc, row_number desc) = 1
),

final as (
    select
        experiment_id,
        {{ masked('experiment_name') }} as experiment_name,
        {{ masked('channel') }} as channel,
        {{ masked('utm_campaign') }} as utm_campaign,
        method,
        metric_name,
        status,
        decision,
        effect,
        effect_low,
        effect_high,
        coalesce(confidence_level, 0.95) as confidence_level,
        treated_units,
        control_units,
        incremental_conversions,
        -- A test stopped early concludes nothing, and an interval without its effect is none.
        coalesce(
            status = 'concluded' and effect_low <= effect and effect <= effect_high and start_date <= end_date, false
        ) as is_usable,
        start_date,
        end_date,
        file_id,
        row_number
    from experiments
)

select * from final
