-- Days of a source that are unlike their weekday before (int_daily_measures_expected), by the bands of the seed
-- anomaly_rules. What a day lacks is said once later days have come; what it has too much, at once.
{%- set sides = ['low', 'high'] %}
{%- set columns = ['warning_distance', 'error_distance', 'warning_change', 'error_change', 'least_expected'] %}

with measures as (
    select * from {{ ref('int_daily_measures') }}
),

expected as (
    select * from {{ ref('int_daily_measures_expected') }}
),

anomaly_rules as (
    select * from {{ ref('anomaly_rules') }}
),

anomaly_explanations as (
    select * from {{ ref('anomaly_explanations') }}
),

thresholds as (
    select max(threshold_value) as recent_days
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'anomaly_days'
),

rules as (
    select
        subject,
        metric,
        max(case when deviation = 'low' then settle_days end) as settle_days,
        max(case when deviation = 'low' then longest_gap_days end) as longest_gap_days,
        {%- for column in columns %}
        max(case when deviation = 'low' then {{ column }} end) as low_{{ column }},
        max(case when deviation = 'high' then {{ column }} end) as high_{{ column }},
        {%- endfor %}
        max(case when deviation = 'unit' then 1 else 0 end) = 1 as has_unit
    from anomaly_rules
    group by subject, metric
),

placed as (
    select
        measures.*,
        rules.settle_days,
        rules.longest_gap_days,
        rules.has_unit,
        {%- for side in sides %}
        rules.{{ side }}_warning_distance,
        rules.{{ side }}_error_distance,
        rules.{{ side }}_least_expected,
        -- A share of rows moves by shares of rows, anything else by what it was.
        {%- for severity in ['warning', 'error'] %}
        rules.{{ side }}_{{ severity }}_change
        * case when measures.metric = 'null_share' then 1 else expected.expected_root * expected.expected_root end
            as {{ side }}_{{ severity }}_change,
        {%- endfor %}
        {%- endfor %}
        expected.weeks_known,
        expected.expected_root,
        expected.spread_root,
        expected.expected_root * expected.expected_root as expected_value,
        case
            when measures.metric = 'null_share' then measures.sample_size
            else expected.expected_root * expected.expected_root * coalesce(measures.sample_size, 1)
        end as expected_amount,
        coalesce(measures.days_without > rules.longest_gap_days, false) as is_paused
    from measures
    inner join rules on measures.subject = rules.subject and measures.metric = rules.metric
    left join expected on measures.series_id = expected.series_id and measures.date_day = expected.date_day
),

judged as (
    select
        *,
        is_paused is false and is_holiday is false and days_until_last >= settle_days
        and expected_amount >= low_least_expected as is_low_judged,
        is_paused is false and expected_amount >= high_least_expected as is_high_judged
    from placed
),

-- Beyond a bound is beyond both: the spreads, and the change. A seed without an error has no such bound.
bounded as (
    select
        *,
        {%- for severity in ['warning', 'error'] %}
        case
            when is_low_judged and low_{{ severity }}_distance is not null
                then round(least(
                    greatest(expected_root - low_{{ severity }}_distance * spread_root, 0)
                    * greatest(expected_root - low_{{ severity }}_distance * spread_root, 0),
                    expected_value - low_{{ severity }}_change
                ), 6)
        end as {{ severity }}_low,
        case
            when is_high_judged and high_{{ severity }}_distance is not null
                then round(greatest(
                    (expected_root + high_{{ severity }}_distance * spread_root)
                    * (expected_root + high_{{ severity }}_distance * spread_root),
                    expected_value + high_{{ severity }}_change
                ), 6)
        end as {{ severity }}_high,
        {%- endfor %}
        {{ ratio('measured_value', 'expected_value') }} as times
    from judged
),

deviated as (
    select
        *,
        case
            when round(measured_value, 6) < warning_low then 'low'
            when round(measured_value, 6) > warning_high then 'high'
        end as side,
        coalesce(round(measured_value, 6) < error_low or round(measured_value, 6) > error_high, false)
            as is_beyond_error,
        has_unit and (
            {%- for unit in [100, 1000, 1000000] %}
            times between {{ unit }} / 2.0 and {{ unit }} * 2.0
            or times * {{ unit }} between 0.5 and 2{{ ' or' if not loop.last }}
            {%- endfor %}
        ) as is_of_a_unit
    from bounded
),

ruled as (
    select
        deviated.*,
        anomaly_rules.deviation,
        anomaly_rules.dimension,
        anomaly_rules.owner,
        anomaly_rules.action,
        case
            when anomaly_rules.deviation = 'unit'
                then coalesce(
                    abs(sqrt(deviated.measured_value) - deviated.expected_root)
                    > anomaly_rules.error_distance * deviated.spread_root,
                    false
                )
            else deviated.is_beyond_error
        end as is_error
    from deviated
    left join anomaly_rules
        on
            deviated.subject = anomaly_rules.subject
            and deviated.metric = anomaly_rules.metric
            and anomaly_rules.deviation
            = case when deviated.side is not null and deviated.is_of_a_unit then 'unit' else deviated.side end
),

explained as (
    select
        measures.series_id,
        measures.date_day,
        min(anomaly_explanations.reason) as reason
    from measures
    inner join anomaly_explanations
        on
            measures.source = anomaly_explanations.source
            and measures.subject = anomaly_explanations.subject
            and measures.date_day between anomaly_explanations.first_date and anomaly_explanations.last_date
    group by measures.series_id, measures.date_day
),

stated as (
    select
        ruled.*,
        explained.reason,
        case
            when ruled.is_paused then 'paused'
            when ruled.weeks_known is null then 'too_early'
            when ruled.deviation is null and coalesce(ruled.warning_low, ruled.warning_high) is null then 'not_judged'
            when ruled.deviation is null then 'within'
            when explained.series_id is not null then 'explained'
            when ruled.is_error then 'error'
            else 'warning'
        end as anomaly_state,
        -- A series is of accounts in many zones: the clock's day is the reporting zone's.
        {{ days_between('ruled.date_day', reporting_day(as_of_at())) }} <= thresholds.recent_days as is_recent,
        case
            when ruled.metric in ('row_volume', 'spend')
                then cast(cast(ruled.measured_value as decimal(28, 2)) as {{ dbt.type_string() }})
            else cast(cast(ruled.measured_value as decimal(28, 4)) as {{ dbt.type_string() }})
        end as measured_text,
        case
            when ruled.metric in ('row_volume', 'spend')
                then cast(cast(ruled.expected_value as decimal(28, 2)) as {{ dbt.type_string() }})
            else cast(cast(ruled.expected_value as decimal(28, 4)) as {{ dbt.type_string() }})
        end as expected_text
    from ruled
    cross join thresholds
    left join explained on ruled.series_id = explained.series_id and ruled.date_day = explained.date_day
),

final as (
    select
        {{ surrogate_key(['series_id', 'date_day']) }} as anomaly_id,
        series_id,
        source,
        subject,
        metric,
        {{ masked('detail') }} as detail,
        date_day,
        anomaly_state,
        deviation,
        dimension,
        is_recent,
        round(measured_value, 6) as measured_value,
        sample_size,
        round(expected_value, 6) as expected_value,
        warning_low,
        warning_high,
        error_low,
        error_high,
        weeks_known,
        owner,
        case
            when deviation is not null
                then concat(
                    source, ', ', replace(subject, '_', ' '), ': ', replace(metric, '_', ' '),
                    case when detail is null then '' else concat(' (', {{ masked('detail') }}, ')') end, ' of ',
                    cast(date_day as {{ dbt.type_string() }}), ' is ', measured_text, ', expected ', expected_text
                )
        end as sentence,
        action,
        case
            when deviation is not null
                then concat_ws(
                    ',', source, subject, cast(date_day as {{ dbt.type_string() }}),
                    cast(date_day as {{ dbt.type_string() }}), '?', '?'
                )
        end as explanation_row,
        reason as explanation
    from stated
)

select * from final
