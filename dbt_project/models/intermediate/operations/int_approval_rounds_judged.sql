with approval_rounds as (
    select * from {{ ref('int_approval_rounds_numbered') }}
),

approvals as (
    select * from {{ ref('int_approvals_classified') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

campaigns_live as (
    select * from {{ ref('int_campaigns_live') }}
),

policies as (
    select * from {{ ref('int_approval_rounds_governed') }}
),

clocks as (
    select * from {{ ref('int_approval_clocks_timed') }}
),

joined as (
    select
        approval_rounds.*,
        approvals.campaign_key,
        approvals.approval_step,
        approvals.is_required_for_launch,
        approvals.is_creative,
        approvals.owner_name,
        approvals.approval_title,
        policies.campaign_type,
        policies.priority,
        policies.service_level,
        policies.sla_version,
        policies.sla_hours,
        policies.sla_clock,
        reviews.elapsed_hours,
        reviews.business_hours,
        reviews.is_duration_defect,
        reworks.elapsed_hours as rework_hours,
        reworks.business_hours as rework_business_hours,
        cycles.business_hours as cycle_business_hours,
        approval_rounds.decision = 'pending' as is_open,
        approval_rounds.is_latest_round
        and approvals.is_tagged_blocked
        and approval_rounds.decision in ('pending', 'changes_requested') as is_tagged_blocked,
        case when campaigns.cancelled_at <= {{ as_of_at() }} then campaigns.cancelled_at end as cancelled_at,
        -- How long somebody had to look at it: until the first answer.
        {{ epoch_us('coalesce(approval_rounds.first_response_at, reviews.ended_at)') }}
        - {{ epoch_us('approval_rounds.requested_at') }} as active_review_us,
        reviews.runs_out_at as sla_due_at,
        -- Counted from the request it waits for the breach none the less: what is not late goes nowhere.
        {%- set escalate_after_us = 'cast(policies.escalate_after_hours * 3600000000 as bigint)' %}
        case
            when policies.escalation_basis = 'request' and reviews.runs_out_at is not null
                then greatest(
                    reviews.runs_out_at, {{ add_us('approval_rounds.requested_at', escalate_after_us) }}
                )
            else {{ add_us('reviews.runs_out_at', escalate_after_us) }}
        end as escalate_at,
        reworks.runs_out_at as rework_due_at,
        campaigns_live.evidenced_live_at
    from approval_rounds
    inner join approvals on approval_rounds.approval_id = approvals.approval_id
    left join campaigns on approvals.campaign_key = campaigns.campaign_key
    left join campaigns_live on approvals.campaign_key = campaigns_live.campaign_key
    left join policies on approval_rounds.approval_round_id = policies.approval_round_id
    left join clocks as reviews
        on approval_rounds.approval_round_id = reviews.approval_round_id and reviews.clock = 'review'
    left join clocks as reworks
        on approval_rounds.approval_round_id = reworks.approval_round_id and reworks.clock = 'rework'
    left join clocks as cycles
        on approval_rounds.approval_round_id = cycles.approval_round_id and cycles.clock = 'cycle'
),

final as (
    select
        approval_round_id,
        approval_id,
        campaign_key,
        round_no,
        approval_step,
        is_required_for_launch,
        is_creative,
        owner_name,
        approval_title,
        campaign_type,
        priority,
        is_latest_round,
        decision,
        -- The share of approvals that never came back: of those that got their final answer.
        case when is_latest_round and decision in ('approved', 'rejected') then round_no = 1 end as is_first_pass,
        elapsed_hours,
        business_hours,
        case when active_review_us >= 0 then active_review_us / cast(3600000000 as double) end as active_review_hours,
        rework_hours,
        rework_business_hours,
        cycle_business_hours,
        service_level,
        sla_version,
        sla_hours,
        sla_clock,
        -- Judged by the first answer, whatever it was; open and not yet due is undecided.
        case
            when sla_due_at is null or is_duration_defect then null
            when is_open and {{ as_of_at() }} > sla_due_at then false
            else first_response_at <= sla_due_at
        end as is_within_sla,
        -- Only an approval can be on time: a rejection is completed in the tracker, too.
        case
            when sla_due_at is null or is_duration_defect then null
            when is_open and {{ as_of_at() }} > sla_due_at then false
            when decision in ('rejected', 'changes_requested') then false
            when decision = 'approved' then decided_at <= sla_due_at
        end as is_on_time,
        cancelled_at is null and is_latest_round and (
            is_tagged_blocked
            or (is_open and coalesce({{ as_of_at() }} > sla_due_at, false))
            or (decision = 'changes_requested' and coalesce({{ as_of_at() }} > rework_due_at, false))
        ) as is_blocked,
        -- A tag says nothing of its time.
        case
            when is_tagged_blocked then null
            when is_open then sla_due_at
            when decision = 'changes_requested' then rework_due_at
        end as blocked_since_at,
        case
            when is_open then coalesce({{ as_of_at() }} >= escalate_at, false)
            else coalesce(first_response_at > escalate_at, false)
        end as is_escalated,
        coalesce(revoked_at > evidenced_live_at, false) as is_approved_then_revoked_after_launch,
        requested_at,
        first_response_at,
        decided_at,
        approved_at,
        revoked_at,
        cancelled_at,
        sla_due_at,
        escalate_at
    from joined
)

select * from final
