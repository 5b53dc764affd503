-- An approval is not in progress, and a task is not pending.
{{ config(meta={'dagster': {'ref': {'name': 'fct_blockers'}}}) }}
with status_definitions as (
    select * from {{ ref('status_definitions') }}
),

final as (
    select
        object,
        source_status,
        canonical_status
    from status_definitions
    where
        source_status <> lower(trim(source_status))
        or case object
            when 'task'
                then canonical_status not in ('ready', 'in_progress', 'in_review', 'blocked', 'completed', 'cancelled')
            when 'approval' then canonical_status not in ('pending', 'approved', 'rejected', 'changes_requested')
            else canonical_status not in ('ready', 'approved', 'live', 'completed')
        end
)

select * from final
