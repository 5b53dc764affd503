-- A round that was not answered within its service level (S1-19): its approver hears of it at the
-- breach, and who did not answer by escalate_at is passed over for the next one of the escalation path.
with approval_rounds as (
    select * from {{ ref('int_approval_rounds_judged') }}
),

approval_owners as (
    select * from {{ ref('approval_owners') }}
),

raci_steps as (
    select * from {{ ref('int_raci_assigned') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

escalation_paths as (
    select max(person_name) as operations_lead
    from {{ ref('escalation_paths') }}
    where recipient = 'operations_lead'
),

waited as (
    select
        *,
        decision = 'pending' and cancelled_at is null as is_open,
        -- Nobody waits for the answer of a cancelled campaign.
        case
            when decision = 'pending' then coalesce(cancelled_at, {{ as_of_at() }})
            else least(first_response_at, coalesce(cancelled_at, first_response_at))
        end as waited_until
    from approval_rounds
),

-- Answered at an unknown time it is no known breach.
breached as (
    select
        *,
        -- Open it escalates at that very moment; an answer of that very moment came before.
        case
            when is_open and waited_until >= escalate_at then 'escalated'
            when waited_until > escalate_at then 'escalated'
            else 'notified'
        end as escalation_state
    from waited
    where waited_until > sla_due_at
),

addressed as (
    select
        breached.*,
        campaigns.campaign_name,
        approval_owners.workflow_step,
        raci_steps.accountable_name,
        raci_steps.backup_name,
        nullif(breached.owner_name, 'Unassigned') as approver_name,
        coalesce(
            nullif(raci_steps.accountable_name, breached.owner_name),
            nullif(raci_steps.backup_name, breached.owner_name),
            escalation_paths.operations_lead
        ) as escalate_to_name,
        cast(
            floor(
                ({{ epoch_us('breached.waited_until') }} - {{ epoch_us('breached.requested_at') }}) / 3600000000
            ) as bigint
        ) as waited_hours
    from breached
    cross join escalation_paths
    left join campaigns on breached.campaign_key = campaigns.campaign_key
    left join approval_owners on breached.approval_step = approval_owners.approval_step
    left join raci_steps
        on
            breached.campaign_key = raci_steps.campaign_key
            and approval_owners.workflow_step = raci_steps.workflow_step
),

final as (
    select
        approval_round_id as escalation_id,
        {{ surrogate_key(['approval_round_id', 'escalation_state']) }} as notification_key,
        'approval_overdue' as rule,
        approval_id,
        round_no,
        campaign_key,
        approval_title,
        approval_step,
        workflow_step,
        escalation_state,
        is_open,
        -- An approval without an approver goes up at once.
        case
            when escalation_state = 'escalated' then escalate_to_name
            else coalesce(approver_name, escalate_to_name)
        end as owner_name,
        approver_name,
        accountable_name,
        backup_name,
        escalate_to_name,
        concat(
            coalesce(approval_title, 'An approval'),
            case when campaign_name is not null then concat(' of ', campaign_name) else '' end,
            case when is_open then ' has waited ' else ' waited ' end,
            -- Nobody counts three days or more in hours.
            case
                when waited_hours >= 72
                    then concat(cast(cast(floor(waited_hours / 24) as bigint) as {{ dbt.type_string() }}), ' days')
                else concat(cast(waited_hours as {{ dbt.type_string() }}), ' h')
            end,
            ' for an answer; its service level allows ',
            cast(cast(round(sla_hours) as bigint) as {{ dbt.type_string() }}),
            case when sla_clock = 'business' then ' business hours' else ' h' end
        ) as reason,
        ({{ epoch_us('waited_until') }} - {{ epoch_us('sla_due_at') }}) / cast(3600000000 as double) as overdue_hours,
        requested_at,
        sla_due_at as notify_at,
        escalate_at,
        case when is_open is false then waited_until end as ended_at
    from addressed
)

select * from final
