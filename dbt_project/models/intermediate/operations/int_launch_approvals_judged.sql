-- Whether each step that a launch needs was approved when the campaign went live. What was first
-- asked for after the launch counts only where the step had not been asked for before; a step that
-- nobody ever asked for was not missed (S1-5).
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

steps as (
    select distinct approval_step
    from {{ ref('approval_steps') }}
    where is_required_for_launch
),

approval_rounds as (
    select * from {{ ref('int_approval_rounds_judged') }}
    where is_required_for_launch and campaign_key is not null
),

campaigns_live as (
    select * from {{ ref('int_campaigns_live') }}
),

approvals as (
    select
        approval_rounds.campaign_key,
        approval_rounds.approval_step,
        approval_rounds.approval_id,
        min(approval_rounds.requested_at) <= min(campaigns_live.evidenced_live_at) as is_asked_in_time,
        max(case
            when
                approval_rounds.approved_at <= campaigns_live.evidenced_live_at
                and coalesce(approval_rounds.revoked_at > campaigns_live.evidenced_live_at, true)
                then 1
            -- Decided, nobody knows how or when: no proof of a fault.
            when approval_rounds.decision in ('approved', 'unknown') and approval_rounds.approved_at is null then 1
            else 0
        end) = 1 as is_approved_at_launch,
        max(case when approval_rounds.is_latest_round and approval_rounds.decision = 'approved' then 1 else 0 end) = 1
            as is_approved
    from approval_rounds
    left join campaigns_live on approval_rounds.campaign_key = campaigns_live.campaign_key
    group by approval_rounds.campaign_key, approval_rounds.approval_step, approval_rounds.approval_id
),

summed as (
    select
        campaign_key,
        approval_step,
        min(case when is_approved then 1 else 0 end) = 1 as is_approved,
        -- Asked for in time, and every one of those approved.
        coalesce(
            min(case when is_asked_in_time then case when is_approved_at_launch then 1 else 0 end end), 0
        ) = 1 as is_approved_at_launch
    from approvals
    group by campaign_key, approval_step
),

final as (
    select
        {{ surrogate_key(['campaigns.campaign_key', 'steps.approval_step']) }} as launch_approval_id,
        campaigns.campaign_key,
        steps.approval_step,
        coalesce(summed.is_approved, false) as is_approved,
        coalesce(summed.is_approved_at_launch, true) as is_approved_at_launch
    from campaigns
    cross join steps
    left join summed
        on campaigns.campaign_key = summed.campaign_key and steps.approval_step = summed.approval_step
)

select * from final
