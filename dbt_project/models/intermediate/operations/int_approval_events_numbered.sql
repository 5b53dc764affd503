-- Which round of its approval each change belongs to. A round ends when the approval goes back to
-- pending after a decision.
with approval_events as (
    select * from {{ ref('int_approval_events') }}
),

ordered as (
    select
        *,
        coalesce(
            old_status,
            lag(new_status) over (partition by approval_id order by changed_at, event_id)
        ) as status_before,
        row_number() over (partition by approval_id order by changed_at, event_id) as event_no
    from approval_events
),

marked as (
    select
        *,
        new_status = 'pending' and coalesce(status_before, 'pending') <> 'pending' as is_reopening,
        new_status = 'pending' and event_no = 1 and status_before is null as is_first_request
    from ordered
),

final as (
    select
        *,
        cast(1 + sum(case when is_reopening then 1 else 0 end) over (
            partition by approval_id
            order by changed_at, event_id
            rows between unbounded preceding and current row
        ) as bigint) as round_no
    from marked
)

select * from final
