with approvals as (
    select * from {{ ref('int_approvals_classified') }}
),

events as (
    select * from {{ ref('int_approval_events_numbered') }}
),

first_requests as (
    select
        approval_id,
        changed_at
    from events
    where event_no = 1 and new_status = 'pending' and status_before is null
),

requests as (
    select
        approvals.approval_id,
        cast(1 as bigint) as round_no,
        coalesce(first_requests.changed_at, approvals.created_at) as requested_at,
        cast(null as {{ dbt.type_string() }}) as status_before
    from approvals
    left join first_requests on approvals.approval_id = first_requests.approval_id
    union all
    select
        approval_id,
        round_no,
        changed_at as requested_at,
        status_before
    from events
    where is_reopening
),

answers as (
    select
        *,
        event_no = max(event_no) over (partition by approval_id, round_no) as is_last
    from events
    where new_status <> 'pending'
),

decisions as (
    select
        approval_id,
        round_no,
        max(case when is_last then new_status end) as decision,
        min(case when is_time_known then changed_at end) as first_response_at,
        max(case when is_last and is_time_known then changed_at end) as decided_at,
        min(case when is_time_known and new_status = 'approved' then changed_at end) as approved_at
    from answers
    group by approval_id, round_no
),

revocations as (
    select
        approval_id,
        -- A reopening opens the next round: what it takes back is the approval of the one before.
        round_no - case when is_reopening then 1 else 0 end as round_no,
        min(changed_at) as revoked_at
    from events
    where status_before = 'approved' and new_status <> 'approved'
    group by approval_id, round_no - case when is_reopening then 1 else 0 end
),

sequenced as (
    select
        *,
        lead(requested_at) over (partition by approval_id order by round_no) as reopened_at,
        lead(status_before) over (partition by approval_id order by round_no) as status_at_reopening
    from requests
),

final as (
    select
        {{ surrogate_key(['sequenced.approval_id', 'sequenced.round_no']) }} as approval_round_id,
        sequenced.approval_id,
        sequenced.round_no,
        sequenced.reopened_at is null as is_latest_round,
        -- Reopened without a recorded decision: decided, nobody knows when.
        coalesce(decisions.decision, sequenced.status_at_reopening, 'pending') as decision,
        sequenced.requested_at,
        min(sequenced.requested_at) over (partition by sequenced.approval_id) as first_requested_at,
        decisions.first_response_at,
        decisions.decided_at,
        decisions.approved_at,
        revocations.revoked_at,
        sequenced.reopened_at
    from sequenced
    left join decisions
        on sequenced.approval_id = decisions.approval_id and sequenced.round_no = decisions.round_no
    left join revocations
        on sequenced.approval_id = revocations.approval_id and sequenced.round_no = revocations.round_no
)

select * from final
