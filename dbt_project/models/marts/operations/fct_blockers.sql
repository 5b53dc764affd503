with blockers as (
    select * from {{ ref('int_blockers_judged') }}
),

final as (
    select
        blocker_id,
        campaign_key,
        tracker,
        task_id,
        task_name,
        blocker_kind,
        blocking_task_id,
        blocking_task_name,
        {{ masked('reason') }} as reason,
        blocker_category,
        workflow_step,
        owner_name,
        due_at,
        is_open,
        period_count,
        open_hours,
        opened_at,
        resolved_at,
        source_timezone,
        severity,
        is_owner_and_due_known,
        resolution_hours,
        sprint_count,
        unresolved_sprint_count,
        is_unresolved_at_sprint_end
    from blockers
)

select * from final
