with approvals as (
    select * from {{ ref('int_approvals_classified') }}
),

numbered as (
    select * from {{ ref('int_approval_events_numbered') }}
),

requests as (
    select
        approvals.approval_id,
        cast(1 as bigint) as round_no,
        coalesce(first_requests.changed_at, approvals.created_at) as requested_at,
        cast(null as {{ dbt.type_string() }}) as status_before
    from approvals
    left join numbered as first_requests
        on approvals.approval_id = first_requests.approval_id and first_requests.is_first_request
    union all
    select
        approval_id,
        round_no,
        changed_at as requested_at,
        status_before
    from numbered
    where is_reopening
),

decisions as (
    select
        approval_id,
        round_no,
        min(changed_at) filter (where date_source <> 'unknown') as first_response_at,
        max_by(new_status, event_no) as decision,
        max_by(changed_at, event_no) as last_changed_at,
        max_by(date_source, event_no) as date_source
    from numbered
    where new_status <> 'pending'
    group by approval_id, round_no
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
        sequenced.approval_id,
        sequenced.round_no,
        sequenced.reopened_at is null as is_latest_round,
        -- A round reopened without a recorded decision was decided at an unknown time.
        coalesce(decisions.decision, sequenced.status_at_reopening, 'pending') as decision,
        case
            when decisions.decision is not null then decisions.date_source
            when sequenced.status_at_reopening is not null then 'unknown'
        end as actual_date_source,
        sequenced.requested_at,
        decisions.first_response_at,
        case
            when decisions.date_source <> 'unknown' then decisions.last_changed_at
        end as decided_at,
        sequenced.reopened_at
    from sequenced
    left join decisions
        on
            sequenced.approval_id = decisions.approval_id
            and sequenced.round_no = decisions.round_no
)

select * from final
