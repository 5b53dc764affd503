-- The service level of each round is the version in force when it was requested; the most
-- specific row wins: campaign type before priority, both before 'any'.
with approval_rounds as (
    select * from {{ ref('int_approval_rounds') }}
),

approvals as (
    select * from {{ ref('int_approvals_classified') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
    where is_latest_version
),

sla_policy as (
    select * from {{ ref('sla_policy') }}
),

described as (
    select
        approval_rounds.approval_id,
        approval_rounds.round_no,
        approval_rounds.requested_at,
        approvals.approval_step,
        campaigns.campaign_type,
        briefs.priority
    from approval_rounds
    inner join approvals
        on approval_rounds.approval_id = approvals.approval_id
    left join campaigns
        on approvals.campaign_key = campaigns.campaign_key
    left join briefs
        on approvals.campaign_key = briefs.campaign_key
),

final as (
    select
        described.approval_id,
        described.round_no,
        sla_policy.version as policy_version,
        sla_policy.sla_hours,
        sla_policy.sla_clock,
        sla_policy.escalate_after_hours,
        sla_policy.escalation_basis,
        sla_policy.region
    from described
    inner join sla_policy
        on
            described.approval_step = sla_policy.approval_step
            and (
                sla_policy.campaign_type = 'any'
                or described.campaign_type = sla_policy.campaign_type
            )
            and (sla_policy.priority = 'any' or described.priority = sla_policy.priority)
            and described.requested_at >= cast(sla_policy.valid_from as timestamp)
    qualify row_number() over (
        partition by described.approval_id, described.round_no
        order by
            case when sla_policy.campaign_type = 'any' then 1 else 0 end,
            case when sla_policy.priority = 'any' then 1 else 0 end,
            sla_policy.valid_from desc,
            sla_policy.version desc
    ) = 1
)

select * from final
