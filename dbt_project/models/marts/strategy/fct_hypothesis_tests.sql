-- Each version of a hypothesis against the figures (S2-1). The effect is of the days from the first live
-- one on: beside as many days before, beside a control group, or by itself where it is compared with
-- nothing. Its interval is of the differences between days: the delta method, 95 %.
with hypotheses as (
    select * from {{ ref('int_hypotheses_versioned') }}
),

hypothesis_campaigns as (
    select * from {{ ref('int_hypothesis_campaigns') }}
),

observations as (
    select * from {{ ref('fct_metric_observations') }}
),

metrics as (
    select * from {{ ref('metric_definitions') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

lift_tests as (
    select * from {{ ref('int_lift_tests') }}
    where is_usable
),

decisions as (
    select * from {{ ref('fct_decisions') }}
    where decided_at is not null
),

described as (
    select
        hypotheses.*,
        metrics.aggregation,
        case when metrics.unit = 'share' and hypotheses.effect_unit in ('percent', 'points', '%') then 100 else 1 end
            as unit_factor,
        least(
            coalesce(hypotheses.review_by_date, {{ reporting_day(as_of_at()) }}), {{ reporting_day(as_of_at()) }}
        ) as tested_until
    from hypotheses
    left join metrics on hypotheses.metric_name = metrics.metric
),

-- Judged week by week, so that it is known when the figures first spoke against it.
weeks as (
    select
        described.hypothesis_version_id,
        dates.date_day as measured_on,
        {{ days_between('described.first_live_on', 'dates.date_day') }} + 1 as day_count
    from described
    inner join dates
        on
            {{ add_days('described.first_live_on', 6) }} <= dates.date_day
            and described.tested_until >= dates.date_day
            and (
                described.tested_until = dates.date_day
                or {{ days_between("cast('1900-01-01' as date)", 'dates.date_day') }} % 7 = 6
            )
    where described.aggregation in ('sum', 'ratio') and described.comparison_kind in ('none', 'period_before')
),

-- Before and after is the whole company's; by itself it is what its campaigns brought.
series as (
    select
        described.hypothesis_version_id,
        observations.observed_on,
        observations.observed_on >= described.first_live_on as is_after,
        {{ exact_sum('observations.numerator') }} as numerator,
        coalesce({{ exact_sum('observations.denominator') }}, 0) as denominator
    from described
    inner join observations on described.metric_name = observations.metric
    left join hypothesis_campaigns
        on
            described.hypothesis_version_id = hypothesis_campaigns.hypothesis_version_id
            and observations.campaign_key = hypothesis_campaigns.campaign_key
    where described.comparison_kind = 'period_before' or hypothesis_campaigns.campaign_key is not null
    group by described.hypothesis_version_id, observations.observed_on, described.first_live_on
),

-- Before the metric was first observed nobody knows what it was: that is nothing to compare with.
observed_since as (
    select
        metric,
        min(observed_on) as first_observed_on
    from observations
    group by metric
),

-- A day without an observation is one of nothing.
moments as (
    select
        weeks.hypothesis_version_id,
        weeks.measured_on,
        weeks.day_count,
        {%- for arm, is_after in [('after', 'true'), ('before', 'false')] %}
        {%- for name, value in [
            ('n', 'series.numerator'), ('d', 'series.denominator'),
            ('nn', 'series.numerator * series.numerator'), ('dd', 'series.denominator * series.denominator'),
            ('nd', 'series.numerator * series.denominator'),
        ] %}
        coalesce(sum(case when series.is_after is {{ is_after }} then {{ value }} end), 0) as {{ arm }}_{{ name }},
        {%- endfor %}
        {%- endfor %}
        count(*) as row_count
    from weeks
    inner join described on weeks.hypothesis_version_id = described.hypothesis_version_id
    left join series
        on
            weeks.hypothesis_version_id = series.hypothesis_version_id
            and weeks.measured_on >= series.observed_on
            and {{ add_days('described.first_live_on', '-weeks.day_count') }} <= series.observed_on
    group by weeks.hypothesis_version_id, weeks.measured_on, weeks.day_count
),

arms as (
    select
        described.*,
        moments.measured_on,
        moments.day_count,
        {%- for arm in ['after', 'before'] %}
        case described.aggregation
            when 'sum' then {{ arm }}_n
            else {{ arm }}_n / nullif({{ arm }}_d, 0)
        end as {{ arm }}_value,
        cast(moments.day_count as double) / (moments.day_count - 1) * case described.aggregation
            when 'sum' then {{ arm }}_nn - {{ arm }}_n * {{ arm }}_n / moments.day_count
            else (
                {{ arm }}_nn
                - 2 * {{ arm }}_n / nullif({{ arm }}_d, 0) * {{ arm }}_nd
                + {{ arm }}_n * {{ arm }}_n / nullif({{ arm }}_d * {{ arm }}_d, 0) * {{ arm }}_dd
            ) / nullif({{ arm }}_d * {{ arm }}_d, 0)
        end as {{ arm }}_variance,
        {%- endfor %}
        described.comparison_kind = 'none'
        or {{ add_days('described.first_live_on', '-moments.day_count') }} >= observed_since.first_observed_on
            as is_comparable
    from moments
    inner join described on moments.hypothesis_version_id = described.hypothesis_version_id
    left join observed_since on described.metric_name = observed_since.metric
),

effects as (
    select
        hypothesis_version_id,
        measured_on,
        case
            when comparison_kind = 'none' then after_value * unit_factor
            when effect_unit in ('percent', '%') then (after_value / nullif(before_value, 0) - 1) * 100
            else (after_value - before_value) * unit_factor
        end as effect,
        -- A difference of nearly equal squares may come out a little below nothing.
        sqrt(greatest(case
            when comparison_kind = 'none' then after_variance * unit_factor * unit_factor
            when effect_unit in ('percent', '%')
                then
                    10000 * after_value * after_value / nullif(before_value * before_value, 0) * (
                        after_variance / nullif(after_value * after_value, 0)
                        + before_variance / nullif(before_value * before_value, 0)
                    )
            else (after_variance + before_variance) * unit_factor * unit_factor
        end, 0)) as standard_error
    from arms
    where is_comparable
),

-- A lift test says shares.
lifted as (
    select
        described.hypothesis_version_id,
        lift_tests.end_date as measured_on,
        cast(lift_tests.effect * 100 as double) as effect,
        cast(lift_tests.effect_low * 100 as double) as effect_low,
        cast(lift_tests.effect_high * 100 as double) as effect_high
    from described
    inner join hypothesis_campaigns
        on described.hypothesis_version_id = hypothesis_campaigns.hypothesis_version_id
    inner join campaigns on hypothesis_campaigns.campaign_key = campaigns.campaign_key
    inner join lift_tests on campaigns.utm_campaign = lift_tests.utm_campaign
    where
        described.comparison_kind = 'control_group'
        and described.effect_unit in ('percent', '%')
        and described.tested_until >= lift_tests.end_date
    qualify row_number() over (
        partition by described.hypothesis_version_id, lift_tests.end_date
        order by lift_tests.experiment_id
    ) = 1
),

measured as (
    select
        hypothesis_version_id,
        measured_on,
        effect,
        effect - 1.959963984540054 * standard_error as effect_low,
        effect + 1.959963984540054 * standard_error as effect_high
    from effects
    where effect is not null
    union all
    select
        hypothesis_version_id,
        measured_on,
        effect,
        effect_low,
        effect_high
    from lifted
),

-- What adds up is predicted for all days until the review: after half of them half is expected.
expected as (
    select
        measured.hypothesis_version_id,
        measured.measured_on,
        round(measured.effect, 6) as effect,
        round(measured.effect_low, 6) as effect_low,
        round(measured.effect_high, 6) as effect_high,
        round(described.predicted_effect * case
            when described.aggregation = 'sum' and coalesce(described.effect_unit, '') not in ('percent', '%')
                then coalesce(
                    cast({{ days_between('described.first_live_on', 'measured.measured_on') }} + 1 as double)
                    / nullif({{ days_between('described.first_live_on', 'described.review_by_date') }} + 1, 0), 1
                )
            else 1
        end, 6) as expected_effect
    from measured
    inner join described on measured.hypothesis_version_id = described.hypothesis_version_id
),

-- Beyond the prediction is supported, wholly short of it refuted; an end exactly on it decides nothing.
judged as (
    select
        hypothesis_version_id,
        measured_on,
        effect,
        effect_low,
        effect_high,
        case
            when expected_effect < 0 and effect_high < expected_effect then 'supported'
            when expected_effect < 0 and effect_low > expected_effect then 'refuted'
            when expected_effect >= 0 and effect_low > expected_effect then 'supported'
            when expected_effect >= 0 and effect_high < expected_effect then 'refuted'
            else 'inconclusive'
        end as verdict
    from expected
),

newest as (
    select * from judged
    qualify row_number() over (partition by hypothesis_version_id order by measured_on desc) = 1
),

contradicted as (
    select
        hypothesis_version_id,
        min(measured_on) as first_contradicted_on
    from judged
    where verdict = 'refuted'
    group by hypothesis_version_id
),

-- Somebody looked at it: a decision for it, or for its objective once the review was due.
reviewed as (
    select distinct described.hypothesis_version_id
    from described
    inner join decisions
        on
            (
                described.hypothesis_id = decisions.goal_id
                and described.valid_from_date <= {{ reporting_day('decisions.decided_at') }}
            )
            or (
                described.parent_goal_id = decisions.goal_id
                and described.review_by_date <= {{ reporting_day('decisions.decided_at') }}
            )
),

final as (
    select
        described.hypothesis_version_id,
        {{ masked('described.hypothesis_id') }} as hypothesis_id,
        described.version,
        described.is_newest_version,
        {{ masked('described.statement') }} as statement,
        {{ masked('described.parent_goal_id') }} as parent_goal_id,
        coalesce({{ masked('described.owner_name') }}, 'Unassigned') as owner_name,
        {{ masked('described.metric_name') }} as metric_name,
        described.aggregation is not null as is_metric_computed,
        described.comparison_kind,
        {{ masked('described.effect_unit') }} as effect_unit,
        described.predicted_effect,
        newest.effect,
        newest.effect_low,
        newest.effect_high,
        case
            when newest.verdict in ('supported', 'refuted') then newest.verdict
            when
                described.is_newest_version
                and described.review_by_date < {{ reporting_day(as_of_at()) }}
                and reviewed.hypothesis_version_id is null
                then 'overdue_review'
            when described.first_live_on is null then 'not_started'
            else 'inconclusive'
        end as verdict,
        described.unanswered_count,
        described.campaign_count,
        -- The prediction has to be written down before the first live day.
        coalesce(described.valid_from_date >= described.first_live_on, false) as is_registered_late,
        coalesce(
            described.version > 1 and described.valid_from_date >= described.first_live_on
            and described.predicted_effect <> described.last_predicted_effect, false
        ) as is_target_changed_after_data,
        contradicted.first_contradicted_on is not null and described.is_newest_version as is_update_open,
        -- Of one that nobody has updated: so far. A version of before was no answer to the figures.
        case
            when
                coalesce(described.next_valid_from_date, {{ reporting_day(as_of_at()) }})
                >= contradicted.first_contradicted_on
                then {{ days_between(
                    'contradicted.first_contradicted_on',
                    'coalesce(described.next_valid_from_date, ' ~ reporting_day(as_of_at()) ~ ')'
                ) }}
        end as update_latency_days,
        described.valid_from_date,
        described.review_by_date,
        described.first_live_on,
        newest.measured_on,
        contradicted.first_contradicted_on
    from described
    left join newest on described.hypothesis_version_id = newest.hypothesis_version_id
    left join contradicted on described.hypothesis_version_id = contradicted.hypothesis_version_id
    left join reviewed on described.hypothesis_version_id = reviewed.hypothesis_version_id
)

select * from final
