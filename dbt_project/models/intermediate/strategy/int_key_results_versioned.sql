-- A target changed in the period is a version of its own: it holds from its first day until the next
-- version's, and the period is that of the key result, not of the version. One that begins after all
-- before it have ended begins another period.
with key_results as (
    select * from {{ ref('stg_templates__key_results') }}
    -- Without its days it is in no week; the delivery's audit names what cannot be read.
    where key_result_id is not null and version is not null and start_date <= end_date
    qualify row_number() over (
        partition by key_result_id, version
        order by file_id desc, row_number desc
    ) = 1
),

ordered as (
    select
        *,
        max(end_date) over (
            partition by key_result_id
            order by start_date, version
            rows between unbounded preceding and 1 preceding
        ) as ended_before,
        lead(start_date) over (partition by key_result_id order by start_date, version) as next_start_date,
        start_date <= {{ reporting_day(as_of_at()) }} as has_begun
    from key_results
),

periods as (
    select
        *,
        sum(case when start_date > ended_before then 1 else 0 end) over (
            partition by key_result_id
            order by start_date, version
            rows between unbounded preceding and current row
        ) as period_no,
        row_number() over (
            partition by key_result_id
            order by
                case when has_begun then 0 else 1 end asc,
                case when has_begun then start_date end desc nulls last,
                start_date asc,
                version desc
        ) = 1 as is_current_version
    from ordered
),

final as (
    select
        {{ surrogate_key(['key_result_id', 'version']) }} as key_result_version_id,
        {{ masked('key_result_id') }} as key_result_id,
        version,
        {{ masked('objective_id') }} as objective_id,
        {{ masked('objective') }} as objective,
        key_result_type,
        metric_name,
        direction,
        cast(baseline as double) as baseline,
        cast(target as double) as target,
        value_unit,
        owner_name,
        -- Up to a smaller number, or down to a larger one: the row says two things.
        coalesce(
            (direction = 'down' and target > baseline) or (direction = 'up' and target < baseline), false
        ) as is_direction_contradicted,
        is_current_version,
        min(start_date) over (partition by key_result_id, period_no) as period_start_date,
        end_date as period_end_date,
        start_date as in_force_from,
        least(end_date, coalesce({{ add_days('next_start_date', '-1') }}, end_date)) as in_force_to
    from periods
)

select * from final
