-- The service level of a round is the version in force when it was requested, for the priority that
-- the brief had then; the most specific row wins: campaign type before priority, both before 'any'.
with approval_rounds as (
    select * from {{ ref('int_approval_rounds_numbered') }}
),

approvals as (
    select * from {{ ref('int_approvals_classified') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
),

sla_policy as (
    select * from {{ ref('sla_policy') }}
),

-- The version submitted last before the request; asked for before any brief, the first one.
prioritised as (
    select
        approval_rounds.approval_round_id,
        briefs.priority
    from approval_rounds
    inner join approvals on approval_rounds.approval_id = approvals.approval_id
    inner join briefs on approvals.campaign_key = briefs.campaign_key
    qualify row_number() over (
        partition by approval_rounds.approval_round_id
        order by
            case when briefs.submitted_at <= approval_rounds.requested_at then briefs.submitted_at end desc nulls last,
            briefs.submitted_at nulls last,
            briefs.version desc,
            briefs.brief_id desc
    ) = 1
),

final as (
    select
        approval_rounds.approval_round_id,
        campaigns.campaign_type,
        prioritised.priority,
        sla_policy.service_level,
        sla_policy.version as sla_version,
        sla_policy.sla_hours,
        sla_policy.sla_clock,
        sla_policy.escalate_after_hours,
        sla_policy.escalation_basis,
        case when sla_policy.region = 'any' then '{{ var("business_region") }}' else sla_policy.region end as region
    from approval_rounds
    inner join approvals on approval_rounds.approval_id = approvals.approval_id
    left join campaigns on approvals.campaign_key = campaigns.campaign_key
    left join prioritised on approval_rounds.approval_round_id = prioritised.approval_round_id
    inner join sla_policy
        on
            approvals.approval_step = sla_policy.approval_step
            and sla_policy.campaign_type in ('any', campaigns.campaign_type)
            and sla_policy.priority in ('any', prioritised.priority)
            and {{ reporting_day('approval_rounds.requested_at') }} >= sla_policy.valid_from
    qualify row_number() over (
        partition by approval_rounds.approval_round_id
        order by
            case when sla_policy.campaign_type = 'any' then 1 else 0 end,
            case when sla_policy.priority = 'any' then 1 else 0 end,
            sla_policy.valid_from desc,
            sla_policy.version desc
    ) = 1
)

select * from final
