-- Every approval of the trackers has rounds numbered without a gap, exactly one of them the latest; but one
-- that was called off or put away before anybody answered.
{{ config(meta={'dagster': {'ref': {'name': 'fct_approval_rounds'}}}) }}
with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
    where
        (task_subtype = 'approval' or approval_status is not null)
        and not (
            coalesce(canonical_status = 'cancelled', false) and coalesce(approval_status, 'pending') = 'pending'
        )
),

approval_rounds as (
    select * from {{ ref('fct_approval_rounds') }}
),

final as (
    select tasks.task_id
    from tasks
    left join approval_rounds on tasks.task_id = approval_rounds.approval_id
    group by tasks.task_id
    having
        count(approval_rounds.approval_round_id) = 0
        or count(approval_rounds.approval_round_id) <> max(approval_rounds.round_no)
        or sum(case when approval_rounds.is_latest_round then 1 else 0 end) <> 1
)

select * from final
