-- A target changed in the period is a version of its own: it holds from its first day until the next
-- version's, and the period is that of the key result, not of the version.
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
        min(start_date) over (partition by key_result_id) as period_start_date,
        lead(start_date) over (partition by key_result_id order by start_date, version) as next_start_date,
        row_number() over (partition by key_result_id order by start_date desc, version desc) = 1 as is_newest_version
    from key_results
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
        is_newest_version,
        period_start_date,
        end_date as period_end_date,
        start_date as in_force_from,
        least(end_date, coalesce({{ add_days('next_start_date', '-1') }}, end_date)) as in_force_to
    from ordered
)

select * from final
