-- Conversion by band with Wilson's 95 % intervals, whether a higher band converts no worse, and how
-- well the score sorts: AUC is the chance that a lead that converted had the higher score (S4-35).
with outcomes as (
    select * from {{ ref('int_lead_score_outcomes') }}
),

bands as (
    select * from {{ ref('lead_score_bands') }}
),

versions as (
    select * from {{ ref('lead_score_versions') }}
),

cohorts as (
    select
        version,
        cohort_quarter,
        score,
        score_band,
        is_converted
    from outcomes
    union all
    select
        version,
        cast(null as date) as cohort_quarter,
        score,
        score_band,
        is_converted
    from outcomes
),

-- Equal scores share the mean of their places.
placed as (
    select
        *,
        rank() over (partition by version, cohort_quarter order by score)
        + (count(*) over (partition by version, cohort_quarter, score) - 1) / cast(2 as double) as place
    from cohorts
),

sorted as (
    select
        version,
        cohort_quarter,
        cast(count(*) as double) as lead_count,
        cast(sum(case when is_converted then 1 else 0 end) as double) as converted_count,
        {{ exact_sum('case when is_converted then place else 0 end') }} as converted_places
    from placed
    group by version, cohort_quarter
),

judged as (
    select
        *,
        (converted_places - converted_count * (converted_count + 1) / 2)
        / nullif(converted_count * (lead_count - converted_count), 0) as auc
    from sorted
),

counted as (
    select
        version,
        cohort_quarter,
        score_band,
        cast(count(*) as bigint) as lead_count,
        cast(sum(case when is_converted then 1 else 0 end) as bigint) as converted_count
    from cohorts
    group by version, cohort_quarter, score_band
),

-- Every band of a cohort, whether anybody was in it or not.
rated as (
    select
        judged.version,
        judged.cohort_quarter,
        bands.score_band,
        bands.band_order,
        coalesce(counted.lead_count, cast(0 as bigint)) as lead_count,
        coalesce(counted.converted_count, cast(0 as bigint)) as converted_count,
        {{ ratio('counted.converted_count', 'counted.lead_count') }} as conversion_rate,
        judged.converted_count / judged.lead_count as cohort_rate,
        judged.auc
    from judged
    cross join bands
    left join counted
        on
            judged.version = counted.version
            and judged.cohort_quarter is not distinct from counted.cohort_quarter
            and bands.score_band = counted.score_band
),

final as (
    select
        {{ surrogate_key(['rated.version', 'rated.cohort_quarter', 'rated.score_band']) }} as lead_score_accuracy_id,
        rated.version as rules_version,
        versions.is_active as is_active_version,
        rated.cohort_quarter,
        rated.score_band,
        rated.lead_count,
        rated.converted_count,
        rated.conversion_rate,
        {{ wilson_bound('rated.converted_count', 'rated.lead_count', '-') }} as conversion_rate_low,
        {{ wilson_bound('rated.converted_count', 'rated.lead_count', '+') }} as conversion_rate_high,
        rated.conversion_rate / nullif(rated.cohort_rate, 0) as lift,
        -- Against the best of the lower bands that anybody was in.
        rated.conversion_rate >= coalesce(max(rated.conversion_rate) over (
            partition by rated.version, rated.cohort_quarter order by rated.band_order
            rows between unbounded preceding and 1 preceding
        ), rated.conversion_rate) as is_monotone,
        rated.auc,
        rated.lead_count < {{ var('small_sample_size') }} as is_small_sample
    from rated
    inner join versions on rated.version = versions.version
)

select * from final
