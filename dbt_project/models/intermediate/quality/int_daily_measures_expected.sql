-- What a day is expected to tell: the median of its weekday in the eight weeks before, moved by how far the last
-- seven days lay from theirs. On the scale of the square root, on which counts spread alike whether they are large
-- or small. The spread is the MAD of eight weeks, and no less than counting alone brings about.
{%- set history_days = 56 %}
{#- A standard deviation by the MAD, and the distance of the quartiles by it, of a normal distribution. #}
{%- set mad_scale = 1.4826 %}
{%- set quartile_scale = 1.349 %}

with measures as (
    select
        daily_measures.*,
        sqrt(daily_measures.measured_value) as root
    from {{ ref('int_daily_measures') }} as daily_measures
    left join {{ ref('anomaly_rules') }} as anomaly_rules
        on
            daily_measures.subject = anomaly_rules.subject
            and daily_measures.metric = anomaly_rules.metric
            and anomaly_rules.deviation = 'low'
    -- A pause says nothing of how it is otherwise.
    where daily_measures.days_without <= coalesce(anomaly_rules.longest_gap_days, daily_measures.days_without)
),

weekdays as (
    select
        measures.series_id,
        measures.date_day,
        count(*) as weeks_known,
        cast(percentile_cont(0.5) within group (order by earlier.root) as double) as median_root
    from measures
    inner join measures as earlier
        on
            measures.series_id = earlier.series_id
            and measures.week_day = earlier.week_day
            and measures.date_day > earlier.date_day
            and {{ days_between('earlier.date_day', 'measures.date_day') }} <= {{ history_days }}
    group by measures.series_id, measures.date_day
),

deviations as (
    select
        measures.series_id,
        measures.date_day,
        measures.root,
        weekdays.weeks_known,
        weekdays.median_root,
        measures.root - weekdays.median_root as deviation_root
    from measures
    left join weekdays on measures.series_id = weekdays.series_id and measures.date_day = weekdays.date_day
),

known as (
    select
        deviations.series_id,
        deviations.date_day,
        count(earlier.deviation_root) as deviations_known,
        cast(percentile_cont(0.5) within group (
            order by case
                when {{ days_between('earlier.date_day', 'deviations.date_day') }} <= 7 then earlier.deviation_root
            end
        ) as double) as moved_root,
        cast(percentile_cont(0.5) within group (order by abs(earlier.deviation_root)) as double) as deviation_mad,
        cast(percentile_cont(0.25) within group (
            order by case
                when {{ days_between('earlier.date_day', 'deviations.date_day') }} <= 14 then earlier.root
            end
        ) as double) as lower_root,
        cast(percentile_cont(0.75) within group (
            order by case
                when {{ days_between('earlier.date_day', 'deviations.date_day') }} <= 14 then earlier.root
            end
        ) as double) as upper_root
    from deviations
    inner join deviations as earlier
        on
            deviations.series_id = earlier.series_id
            and deviations.date_day > earlier.date_day
            and {{ days_between('earlier.date_day', 'deviations.date_day') }} <= {{ history_days }}
    where deviations.weeks_known is not null
    group by deviations.series_id, deviations.date_day
),

placed as (
    select
        measures.series_id,
        measures.date_day,
        measures.metric,
        measures.sample_size,
        deviations.weeks_known,
        known.deviations_known,
        known.deviation_mad,
        known.lower_root,
        known.upper_root,
        -- Few days say nothing of where it moves.
        greatest(
            deviations.median_root
            + case when known.deviations_known >= 4 then coalesce(known.moved_root, 0) else 0 end,
            0
        ) as expected_root
    from measures
    inner join deviations on measures.series_id = deviations.series_id and measures.date_day = deviations.date_day
    inner join known on measures.series_id = known.series_id and measures.date_day = known.date_day
),

final as (
    select
        series_id,
        date_day,
        cast(weeks_known as bigint) as weeks_known,
        round(expected_root, 6) as expected_root,
        round(greatest(
            -- The MAD of a few days is easily too small.
            case
                when deviations_known >= 7
                    then {{ mad_scale }} * deviation_mad * (1 + 3 / cast(deviations_known as double))
                else 0
            end,
            -- In the second week nothing is known but how the first one spread, weekends and all; and what is expected
            -- is one day.
            case when deviations_known < 14 then 1.5 * (upper_root - lower_root) / {{ quartile_scale }} else 0 end,
            -- Counting alone spreads so far; money is not counted.
            case
                when metric = 'spend' then 0
                when sample_size is null then 0.5
                else 0.5 / sqrt(sample_size)
            end,
            -- Nothing is known to better than a tenth.
            0.05 * expected_root
        ), 6) as spread_root
    from placed
)

select * from final
