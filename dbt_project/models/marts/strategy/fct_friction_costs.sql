-- What friction costs, by the quarter in which the campaigns were to be launched (S3-2): time that work
-- waited, work done again, pipeline that late launches put off, and how the team feels about it. Hours
-- are by the wall clock and their price is one of the seed's: a size to compare, no invoice. Campaigns
-- that nobody planned for a day stand in a quarter of their own, NULL.
with outcomes as (
    select * from {{ ref('fct_campaign_execution_outcomes') }}
),

observations as (
    select * from {{ ref('fct_metric_observations') }}
    where metric = 'process_satisfaction'
),

metrics as (
    select * from {{ ref('metric_definitions') }}
    where metric = 'process_satisfaction'
),

parameters as (
    select {{ analysis_parameter('hour_rate') }}
    from {{ ref('analysis_parameters') }}
),

{%- set cost = "cast(round(" ~ exact_sum("outcomes.%s") ~ " * max(parameters.hour_rate), 2) as decimal(18, 2))" %}

kinds as (
    {%- for kind, hours in [('time', 'waiting_hours'), ('quality', 'rework_hours')] %}
    select
        outcomes.quarter_start_date,
        '{{ kind }}' as friction_kind,
        'hours' as unit,
        round({{ exact_sum('outcomes.' ~ hours) }}, 6) as quantity,
        cast(0 as double) as unpriced_quantity,
        {{ cost % hours }} as cost_low,
        {{ cost % hours }} as cost,
        {{ cost % hours }} as cost_high
    from outcomes
    cross join parameters
    group by outcomes.quarter_start_date
    union all
    {%- endfor %}
    -- A launch that nobody approved has no price, and is counted.
    select
        quarter_start_date,
        'unreviewed launches' as friction_kind,
        'campaigns' as unit,
        cast(sum(case when is_unapproved then 1 else 0 end) as double) as quantity,
        cast(sum(case when is_unapproved then 1 else 0 end) as double) as unpriced_quantity,
        cast(null as decimal(18, 2)) as cost_low,
        cast(null as decimal(18, 2)) as cost,
        cast(null as decimal(18, 2)) as cost_high
    from outcomes
    group by quarter_start_date
    union all
    select
        quarter_start_date,
        'opportunity' as friction_kind,
        'days late' as unit,
        cast(sum(case when slip_days > 0 then slip_days else 0 end) as double) as quantity,
        cast(sum(case when slip_days > 0 and delay_cost is null then slip_days else 0 end) as double)
            as unpriced_quantity,
        cast(sum(delay_cost_low) as decimal(18, 2)) as cost_low,
        cast(sum(delay_cost) as decimal(18, 2)) as cost,
        cast(sum(delay_cost_high) as decimal(18, 2)) as cost_high
    from outcomes
    group by quarter_start_date
    union all
    select
        cast(date_trunc('quarter', observations.observed_on) as date) as quarter_start_date,
        'morale' as friction_kind,
        'score' as unit,
        case
            when {{ decimal_sum('observations.denominator') }} >= max(metrics.smallest_sample)
                then
                    round({{ ratio(
                        decimal_sum('observations.numerator'), decimal_sum('observations.denominator')
                    ) }}, 6)
        end as quantity,
        cast(null as double) as unpriced_quantity,
        cast(null as decimal(18, 2)) as cost_low,
        cast(null as decimal(18, 2)) as cost,
        cast(null as decimal(18, 2)) as cost_high
    from observations
    cross join metrics
    group by cast(date_trunc('quarter', observations.observed_on) as date)
),

final as (
    select
        {{ surrogate_key(['quarter_start_date', 'friction_kind']) }} as friction_cost_id,
        quarter_start_date,
        friction_kind,
        unit,
        quantity,
        unpriced_quantity,
        cost_low,
        cost,
        cost_high
    from kinds
)

select * from final
