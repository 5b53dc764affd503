-- Each key result as it stands: the target in force, and the last week that was measured.
with key_results as (
    select * from {{ ref('int_key_results_versioned') }}
),

weekly as (
    select * from {{ ref('fct_key_results_weekly') }}
    qualify row_number() over (partition by key_result_id order by measured_on desc) = 1
),

metrics as (
    select * from {{ ref('metric_definitions') }}
),

versions as (
    select
        key_result_id,
        cast(count(*) as bigint) as version_count
    from key_results
    group by key_result_id
),

final as (
    select
        {{ masked('key_results.key_result_id') }} as key_result_id,
        key_results.version,
        versions.version_count,
        {{ masked('key_results.objective_id') }} as objective_id,
        {{ masked('key_results.objective') }} as objective,
        {{ masked('key_results.key_result_type') }} as key_result_type,
        {{ masked('key_results.metric_name') }} as metric_name,
        metrics.label as metric_label,
        metrics.leading_lagging,
        {{ masked('key_results.direction') }} as direction,
        {{ masked('key_results.value_unit') }} as value_unit,
        coalesce({{ masked('key_results.owner_name') }}, 'Unassigned') as owner_name,
        key_results.baseline,
        key_results.target,
        weekly.actual_value,
        weekly.sample_size,
        weekly.progress,
        weekly.elapsed_share,
        weekly.pace,
        coalesce(weekly.is_small_sample, false) as is_small_sample,
        coalesce(weekly.key_result_state, 'not_started') as key_result_state,
        key_results.period_start_date,
        key_results.period_end_date,
        weekly.measured_on
    from key_results
    inner join versions on key_results.key_result_id = versions.key_result_id
    left join weekly on key_results.key_result_id = weekly.key_result_id
    left join metrics on key_results.metric_name = metrics.metric
    where key_results.is_current_version
)

select * from final
