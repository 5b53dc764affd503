with approval_events as (
    select * from {{ ref('int_approval_events_numbered') }}
),

final as (
    select
        approval_id,
        -- A reopening opens the next round: what it takes back is the approval of the one before.
        round_no - case when is_reopening then 1 else 0 end as round_no,
        min(changed_at) as revoked_at
    from approval_events
    where status_before = 'approved' and new_status <> 'approved'
    group by approval_id, round_no - case when is_reopening then 1 else 0 end
)

select * from final
