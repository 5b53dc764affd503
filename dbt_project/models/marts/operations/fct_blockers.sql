with blockers as (
    select * from {{ ref('int_blockers_judged') }}
),

final as (
    select
        blocker_id,
        campaign_key,
        tracker,
        {{ masked('task_id') }} as task_id,
        {{ masked('task_name') }} as task_name,
        blocker_kind,
        {{ masked('blocking_task_id') }} as blocking_task_id,
        {{ masked('blocking_task_name') }} as blocking_task_name,
        {{ masked('reason') }} as reason,
        {{ masked('blocker_category') }} as blocker_category,
        {{ masked('workflow_step') }} as workflow_step,
        {{ masked('owner_name') }} as owner_name,
        due_at,
        is_open,
        period_count,
        open_hours,
        opened_at,
        resolved_at,
        source_timezone,
        {{ masked('severity') }} as severity,
        is_owner_and_due_known,
        resolution_hours,
        sprint_count,
        unresolved_sprint_count,
        is_unresolved_at_sprint_end
    from blockers
)

select * from final
