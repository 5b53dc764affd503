-- Each metric under the layer that can mend it, so that nobody answers for what another controls (S0-7).
with observations as (
    select
        *,
        cast(date_trunc('month', observed_on) as date) as month_start_date
    from {{ ref('fct_metric_observations') }}
),

metrics as (
    select * from {{ ref('metric_definitions') }}
    where aggregation is not null
),

summed as (
    select
        metric,
        month_start_date,
        {{ exact_sum('numerator') }} as numerator,
        {{ exact_sum('denominator') }} as denominator,
        percentile_cont(0.5) within group (order by numerator) as median_value,
        cast(count(*) as double) as observation_count
    from observations
    group by metric, month_start_date
),

valued as (
    select
        summed.metric,
        metrics.label as metric_label,
        metrics.controllable_by as layer,
        metrics.leading_lagging,
        metrics.unit,
        metrics.direction,
        summed.month_start_date,
        round(case
            when metrics.aggregation = 'ratio' then summed.denominator
            when metrics.aggregation = 'median' then summed.observation_count
        end, 6) as sample_size,
        metrics.smallest_sample,
        round(case metrics.aggregation
            when 'sum' then summed.numerator
            when 'ratio' then {{ ratio('summed.numerator', 'summed.denominator') }}
            else summed.median_value
        end, 9) as measured_value
    from summed
    inner join metrics on summed.metric = metrics.metric
),

known as (
    select
        *,
        coalesce(sample_size < {{ var('small_sample_size') }}, false) as is_small_sample,
        case when coalesce(sample_size >= smallest_sample, smallest_sample is null) then measured_value end
            as metric_value
    from valued
),

compared as (
    select
        *,
        case
            when
                {{ month_index('month_start_date') }}
                - lag({{ month_index('month_start_date') }}) over (partition by metric order by month_start_date) = 1
                then lag(metric_value) over (partition by metric order by month_start_date)
        end as last_value,
        lag(is_small_sample) over (partition by metric order by month_start_date) as is_last_small
    from known
),

final as (
    select
        {{ surrogate_key(['metric', 'month_start_date']) }} as layer_scorecard_id,
        layer,
        metric,
        metric_label,
        leading_lagging,
        unit,
        direction,
        month_start_date,
        month_start_date < cast(date_trunc('month', {{ reporting_day(as_of_at()) }}) as date) as is_complete,
        metric_value,
        last_value,
        sample_size,
        is_small_sample,
        -- Two small samples differ by chance.
        coalesce(
            case direction when 'up' then metric_value < last_value else metric_value > last_value end
            and is_small_sample is false and is_last_small is false, false
        ) as is_worsened
    from compared
)

select * from final
