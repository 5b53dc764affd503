with rounds_timed as (
    select * from {{ ref('int_approval_rounds_timed') }}
),

approvals as (
    select * from {{ ref('int_approvals_classified') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

approval_policies as (
    select * from {{ ref('int_approval_policies') }}
),

approval_clocks as (
    select * from {{ ref('int_approval_clocks') }}
),

revocations as (
    select * from {{ ref('int_approval_revocations') }}
),

live_evidence as (
    select * from {{ ref('int_campaigns_live') }}
),

joined as (
    select
        rounds_timed.*,
        approvals.campaign_key,
        approvals.approval_step,
        approvals.is_required_for_launch,
        approvals.is_creative,
        approvals.owner_name,
        approval_policies.policy_version,
        approval_policies.sla_hours,
        approval_policies.sla_clock,
        reviews.runs_out_at as sla_due_at,
        case approval_policies.escalation_basis
            when 'request' then rounds_timed.requested_at
            else reviews.runs_out_at
        end as escalation_from_at,
        approval_policies.escalate_after_hours,
        reworks.runs_out_at as rework_due_at,
        revocations.revoked_at,
        live_evidence.evidenced_live_at,
        rounds_timed.is_latest_round
        and approvals.is_tagged_blocked
        and rounds_timed.decision in ('pending', 'changes_requested') as is_tagged_blocked,
        coalesce(campaigns.cancelled_at <= {{ as_of_at() }}, false) as is_cancelled,
        rounds_timed.decision = 'pending' as is_open
    from rounds_timed
    inner join approvals
        on rounds_timed.approval_id = approvals.approval_id
    left join campaigns
        on approvals.campaign_key = campaigns.campaign_key
    left join approval_policies
        on
            rounds_timed.approval_id = approval_policies.approval_id
            and rounds_timed.round_no = approval_policies.round_no
    left join approval_clocks as reviews
        on
            rounds_timed.approval_id = reviews.approval_id
            and rounds_timed.round_no = reviews.round_no
            and reviews.clock_kind = 'review'
    left join approval_clocks as reworks
        on
            rounds_timed.approval_id = reworks.approval_id
            and rounds_timed.round_no = reworks.round_no
            and reworks.clock_kind = 'rework'
    left join revocations
        on
            rounds_timed.approval_id = revocations.approval_id
            and rounds_timed.round_no = revocations.round_no
    left join live_evidence
        on approvals.campaign_key = live_evidence.campaign_key
),

escalated as (
    select
        *,
        {{ add_us('escalation_from_at', 'cast(escalate_after_hours * 3600000000 as bigint)') }}
            as escalate_at
    from joined
),

final as (
    select
        *,
        -- Only an approval can be on time: a rejection reads as completed in the tracker.
        case
            when sla_due_at is null then null
            when is_open and {{ as_of_at() }} <= sla_due_at then null
            when is_open or decision in ('rejected', 'changes_requested') then false
            when decision = 'unknown' or decided_at is null then null
            else decision = 'approved' and decided_at <= sla_due_at
        end as is_on_time,
        case
            when sla_due_at is null then null
            when is_open and {{ as_of_at() }} <= sla_due_at then null
            when is_open then false
            when first_response_at is null then null
            else first_response_at <= sla_due_at
        end as is_within_sla,
        not is_cancelled and is_latest_round and (
            is_tagged_blocked
            or coalesce(is_open and {{ as_of_at() }} > sla_due_at, false)
            or coalesce(
                decision = 'changes_requested' and {{ as_of_at() }} > rework_due_at, false
            )
        ) as is_blocked,
        case
            when is_open then coalesce({{ as_of_at() }} >= sla_due_at, false)
            else coalesce(first_response_at > sla_due_at, false)
        end as is_notified,
        case
            when is_open then coalesce({{ as_of_at() }} >= escalate_at, false)
            else coalesce(first_response_at > escalate_at, false)
        end as is_escalated,
        coalesce(
            revoked_at > evidenced_live_at, false
        ) as is_approved_then_revoked_after_launch
    from escalated
)

select * from final
