-- How far each key result was at the end of each week of its period, by the target in force then (S1-1).
with key_results as (
    select * from {{ ref('int_key_results_versioned') }}
),

observations as (
    select * from {{ ref('fct_metric_observations') }}
),

metrics as (
    select * from {{ ref('metric_definitions') }}
),

dates as (
    select
        date_day,
        -- Weeks end on Sunday: the first Monday that dates count from was 1900-01-01.
        {{ days_between("cast('1900-01-01' as date)", 'date_day') }} % 7 = 6 as is_week_end
    from {{ ref('dim_dates') }}
),

-- Every week that has begun, the last one as far as it has come.
weeks as (
    select
        key_results.key_result_version_id,
        dates.date_day as measured_on
    from key_results
    inner join dates
        on
            key_results.in_force_from <= dates.date_day
            and key_results.in_force_to >= dates.date_day
            and dates.date_day <= {{ reporting_day(as_of_at()) }}
            and (
                dates.is_week_end
                or key_results.period_end_date = dates.date_day
                or dates.date_day = {{ reporting_day(as_of_at()) }}
            )
),

measured as (
    select
        key_results.*,
        weeks.measured_on,
        metrics.label as metric_label,
        metrics.leading_lagging,
        metrics.metric is not null as is_registered,
        metrics.aggregation,
        metrics.smallest_sample,
        case when metrics.unit = 'share' and key_results.value_unit in ('percent', 'points', '%') then 100 else 1 end
            as unit_factor,
        {{ days_between('key_results.period_start_date', 'weeks.measured_on') }} + 1 as days_elapsed,
        {{ days_between('key_results.period_start_date', 'key_results.period_end_date') }} + 1 as days_in_period
    from key_results
    inner join weeks on key_results.key_result_version_id = weeks.key_result_version_id
    left join metrics on key_results.metric_name = metrics.metric
),

spans as (
    select
        *,
        -- What adds up starts at nothing, or moves from what the period before came to, to what this one
        -- comes to: then it is counted over as many days as a period has.
        case
            when aggregation = 'sum' and baseline <> 0
                then {{ add_days('measured_on', '1 - days_in_period') }}
            else period_start_date
        end as counted_from
    from measured
),

summed as (
    select
        spans.key_result_version_id,
        spans.measured_on,
        {{ exact_sum("observations.numerator") }} as numerator_sum,
        {{ exact_sum("observations.denominator") }} as denominator_sum,
        percentile_cont(0.5) within group (order by observations.numerator) as numerator_median,
        cast(count(*) as bigint) as observation_count
    from spans
    inner join observations
        on
            spans.metric_name = observations.metric
            and spans.counted_from <= observations.observed_on
            and spans.measured_on >= observations.observed_on
    group by spans.key_result_version_id, spans.measured_on
),

valued as (
    select
        spans.*,
        case spans.aggregation
            when 'ratio' then summed.denominator_sum
            when 'median' then cast(coalesce(summed.observation_count, 0) as double)
        end as sample_size,
        spans.unit_factor * case spans.aggregation
            when 'sum' then coalesce(summed.numerator_sum, 0)
            when 'ratio' then {{ ratio('summed.numerator_sum', 'summed.denominator_sum') }}
            when 'median' then summed.numerator_median
        end as measured_value
    from spans
    left join summed
        on spans.key_result_version_id = summed.key_result_version_id and spans.measured_on = summed.measured_on
),

known as (
    select
        *,
        case when coalesce(sample_size >= smallest_sample, smallest_sample is null) then round(measured_value, 9) end
            as actual_value,
        round(cast(days_elapsed as double) / days_in_period, 9) as elapsed_share
    from valued
),

paced as (
    select
        *,
        round((actual_value - baseline) / nullif(target - baseline, 0), 9) as progress
    from known
),

final as (
    select
        {{ surrogate_key(['key_result_id', 'measured_on']) }} as key_result_week_id,
        {{ masked('key_result_id') }} as key_result_id,
        version,
        {{ masked('objective_id') }} as objective_id,
        {{ masked('key_result_type') }} as key_result_type,
        {{ masked('metric_name') }} as metric_name,
        metric_label,
        leading_lagging,
        {{ masked('direction') }} as direction,
        {{ masked('value_unit') }} as value_unit,
        baseline,
        target,
        actual_value,
        round(sample_size, 6) as sample_size,
        coalesce(sample_size < {{ var('small_sample_size') }}, false) as is_small_sample,
        progress,
        elapsed_share,
        round(progress - elapsed_share, 9) as pace,
        case
            when is_registered is false then 'metric_unknown'
            when aggregation is null then 'not_computed'
            when baseline is null or target is null or baseline = target then 'no_target'
            when is_direction_contradicted then 'contradictory'
            when actual_value is null then 'no_data'
            when progress >= 1 then 'reached'
            when progress >= elapsed_share then 'on_pace'
            else 'behind'
        end as key_result_state,
        period_start_date,
        period_end_date,
        measured_on
    from paced
)

select * from final
