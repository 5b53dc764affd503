with experiments as (
    select * from {{ ref('stg_templates__experiments') }}
    where experiment_id is not null
    qualify row_number() over (partition by experiment_id order by file_id desc, row_number desc) = 1
),

conversion_types as (
    select conversion_type from {{ ref('conversion_types') }}
),

final as (
    select
        experiments.experiment_id,
        {{ masked('experiments.experiment_name') }} as experiment_name,
        {{ masked('experiments.channel') }} as channel,
        {{ masked('experiments.utm_campaign') }} as utm_campaign,
        experiments.method,
        experiments.metric_name,
        coalesce(conversion_types.conversion_type, 'lead') as conversion_type,
        experiments.status,
        experiments.decision,
        experiments.effect,
        experiments.effect_low,
        experiments.effect_high,
        coalesce(experiments.confidence_level, 0.95) as confidence_level,
        experiments.treated_units,
        experiments.control_units,
        cast(experiments.incremental_conversions as double) as incremental_conversions,
        -- The interval is of the effect: conversions scale with it. As exact as credits, which are held against it.
        {%- for bound in ['low', 'high'] %}
        round(
            cast(experiments.incremental_conversions as double)
            * {{ ratio('experiments.effect_' ~ bound, 'experiments.effect') }},
            9
        ) as incremental_conversions_{{ bound }},
        {%- endfor %}
        -- A test stopped early concludes nothing, and an interval without its effect is none.
        coalesce(
            experiments.status = 'concluded'
            and experiments.effect_low <= experiments.effect
            and experiments.effect <= experiments.effect_high
            and experiments.start_date <= experiments.end_date,
            false
        ) as is_usable,
        experiments.start_date,
        experiments.end_date,
        experiments.file_id,
        experiments.row_number
    from experiments
    left join conversion_types on experiments.metric_name = conversion_types.conversion_type
)

select * from final
