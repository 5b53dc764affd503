with approval_rounds as (
    select * from {{ ref('int_approval_rounds_judged') }}
),

final as (
    select
        approval_round_id,
        approval_id,
        round_no,
        campaign_key,
        approval_step,
        {{ masked('owner_name') }} as owner_name,
        requested_at,
        decided_at,
        decision,
        is_latest_round,
        elapsed_hours,
        business_hours,
        active_review_hours,
        cycle_business_hours,
        sla_hours,
        sla_clock,
        sla_due_at,
        escalate_at,
        is_within_sla,
        is_on_time,
        is_blocked,
        is_escalated,
        is_approved_then_revoked_after_launch,
        {{ masked('campaign_type') }} as campaign_type,
        {{ masked('priority') }} as priority,
        service_level,
        sla_version,
        is_first_pass,
        rework_hours,
        rework_business_hours,
        revoked_at
    from approval_rounds
)

select * from final
