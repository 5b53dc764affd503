-- Whether more output comes at the price of reliability (S1-36): the last sprints beside as many before.
-- A sprint is a week from Monday on (S1-31).
with observations as (
    select * from {{ ref('fct_metric_observations') }}
    where metric in ('campaign_output', 'on_time_approved_launch_rate')
),

dates as (
    select * from {{ ref('dim_dates') }}
    where date_day < {{ reporting_day(as_of_at()) }}
),

parameters as (
    select
        {{ analysis_parameter('diagnosis_sprints') }},
        {{ analysis_parameter('diagnosis_smallest_sample') }}
    from {{ ref('analysis_parameters') }}
),

spans as (
    select min(observed_on) as first_observed_on
    from observations
),

-- Each Sunday that is over and has as many sprints of figures before it.
sprints as (
    select
        dates.date_day as sprint_end_date,
        cast(7 * parameters.diagnosis_sprints as bigint) as window_days,
        parameters.diagnosis_smallest_sample
    from dates
    cross join parameters
    cross join spans
    where
        {{ days_between("cast('1900-01-01' as date)", 'dates.date_day') }} % 7 = 6
        and spans.first_observed_on <= dates.date_day
),

windowed as (
    select
        sprints.sprint_end_date,
        sprints.diagnosis_smallest_sample,
        observations.metric,
        observations.numerator,
        observations.denominator,
        {{ add_days('sprints.sprint_end_date', '-sprints.window_days') }} >= observations.observed_on as is_prior
    from sprints
    left join observations
        on
            sprints.sprint_end_date >= observations.observed_on
            and {{ add_days('sprints.sprint_end_date', '-2 * sprints.window_days') }} < observations.observed_on
),

summed as (
    select
        sprint_end_date,
        {%- for figure, metric, is_prior, column in [
            ('output_count', 'campaign_output', 'false', 'numerator'),
            ('prior_output_count', 'campaign_output', 'true', 'numerator'),
            ('kept_count', 'on_time_approved_launch_rate', 'false', 'numerator'),
            ('prior_kept_count', 'on_time_approved_launch_rate', 'true', 'numerator'),
            ('due_count', 'on_time_approved_launch_rate', 'false', 'denominator'),
            ('prior_due_count', 'on_time_approved_launch_rate', 'true', 'denominator'),
        ] %}
        {%- set counted = "case when metric = '%s' and is_prior is %s then %s end" % (metric, is_prior, column) %}
        cast(coalesce({{ decimal_sum(counted) }}, 0) as bigint) as {{ figure }},
        {%- endfor %}
        max(diagnosis_smallest_sample) as diagnosis_smallest_sample
    from windowed
    group by sprint_end_date
),

shared as (
    select
        *,
        {{ ratio('kept_count', 'due_count') }} as reliability,
        {{ ratio('prior_kept_count', 'prior_due_count') }} as prior_reliability
    from summed
),

final as (
    select
        sprint_end_date,
        output_count,
        prior_output_count,
        due_count,
        prior_due_count,
        reliability,
        prior_reliability,
        case
            when due_count < diagnosis_smallest_sample or prior_due_count < diagnosis_smallest_sample
                then 'insufficient'
            when output_count > prior_output_count and reliability < prior_reliability then 'scaling chaos'
            when output_count > prior_output_count then 'growing'
            when reliability < prior_reliability then 'declining'
            else 'steady'
        end as diagnosis
    from shared
)

select * from final
