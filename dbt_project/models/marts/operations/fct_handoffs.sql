-- The seven handoff points of each campaign, each against the events that it has to come before, and
-- its four flows against what they must pass on (S0-4, S0-5).
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

handoff_rules as (
    select * from {{ ref('handoff_rules') }}
),

handoff_contracts as (
    select * from {{ ref('handoff_contracts') }}
),

gated_events as (
    select * from {{ ref('int_gated_events_dated') }}
),

launches as (
    select * from {{ ref('int_launches_evidenced') }}
),

briefs as (
    select
        campaign_key,
        min(approved_at) as approved_at
    from {{ ref('int_campaign_briefs_scored') }}
    group by campaign_key
),

raci_steps as (
    select * from {{ ref('int_raci_assigned') }}
),

told as (
    select
        campaigns.campaign_key,
        replace(handoffs.handoff, ' ', '_') as handoff,
        replace(handoffs.required_item, '_', ' ') as required_item,
        handoffs.is_present,
        {{ masked('handoffs.owner_name') }} as owner_name,
        coalesce(handoffs.returned_count, 0) as returned_count,
        case when handoffs.handed_over_at <= {{ as_of_at() }} then handoffs.handed_over_at end as handed_over_at,
        case when handoffs.accepted_at <= {{ as_of_at() }} then handoffs.accepted_at end as accepted_at
    from {{ ref('stg_templates__handoffs') }} as handoffs
    inner join campaigns on handoffs.utm_campaign = campaigns.utm_campaign
),

-- A point has the items of the team's own list, a flow those of its contract.
items as (
    select
        told.campaign_key,
        told.handoff,
        told.required_item,
        told.is_present,
        told.owner_name,
        told.returned_count,
        told.handed_over_at,
        told.accepted_at
    from told
    inner join handoff_rules on told.handoff = handoff_rules.handoff
    union all
    select
        campaigns.campaign_key,
        handoff_contracts.flow as handoff,
        handoff_contracts.required_item,
        told.is_present,
        told.owner_name,
        coalesce(told.returned_count, 0) as returned_count,
        told.handed_over_at,
        told.accepted_at
    from campaigns
    cross join handoff_contracts
    left join told
        on
            campaigns.campaign_key = told.campaign_key
            and handoff_contracts.flow = told.handoff
            and handoff_contracts.required_item = told.required_item
),

summed as (
    select
        campaign_key,
        handoff,
        max(owner_name) as owner_name,
        cast(count(*) as bigint) as required_count,
        cast(sum(case when is_present then 1 else 0 end) as bigint) as present_count,
        cast(max(returned_count) as bigint) as returned_count,
        max(handed_over_at) as handed_over_at,
        -- Accepted with the last of its items, if none lacks.
        case when count(*) = count(case when is_present then accepted_at end) then max(accepted_at) end as accepted_at
    from items
    group by campaign_key, handoff
),

listed as (
    select
        campaigns.campaign_key,
        'point' as handoff_kind,
        handoff_rules.seq,
        handoff_rules.handoff,
        handoff_rules.gated_event,
        handoff_rules.workflow_step
    from campaigns
    cross join handoff_rules
    union all
    select distinct
        campaigns.campaign_key,
        'flow' as handoff_kind,
        cast(null as bigint) as seq,
        handoff_contracts.flow as handoff,
        cast(null as {{ dbt.type_string() }}) as gated_event,
        handoff_contracts.workflow_step
    from campaigns
    cross join handoff_contracts
),

joined as (
    select
        listed.*,
        campaigns.cancelled_at,
        coalesce(
            summed.owner_name,
            case when raci_steps.is_assigned then coalesce(raci_steps.accountable_name, raci_steps.backup_name) end
        ) as owner_name,
        summed.required_count,
        summed.present_count,
        summed.returned_count,
        summed.handed_over_at,
        -- What a system knows counts as much as what the team writes down.
        least(
            summed.accepted_at,
            case
                when listed.handoff = 'strategy_brief' then briefs.approved_at
                when listed.handoff = 'tracking_validation' then launches.validated_at
            end
        ) as done_at
    from listed
    inner join campaigns on listed.campaign_key = campaigns.campaign_key
    left join summed on listed.campaign_key = summed.campaign_key and listed.handoff = summed.handoff
    left join briefs on listed.campaign_key = briefs.campaign_key
    left join launches on listed.campaign_key = launches.campaign_key
    left join raci_steps
        on listed.campaign_key = raci_steps.campaign_key and listed.workflow_step = raci_steps.workflow_step
),

gated as (
    select
        joined.campaign_key,
        joined.handoff,
        min(gated_events.occurred_at) as first_gated_at,
        cast(count(*) as bigint) as gated_event_count,
        cast(
            sum(case when coalesce(joined.done_at > gated_events.occurred_at, true) then 1 else 0 end) as bigint
        ) as too_early_count
    from joined
    inner join gated_events
        on joined.campaign_key = gated_events.campaign_key and joined.gated_event = gated_events.gated_event
    -- What came after the cancellation is no work on the campaign.
    where coalesce(joined.cancelled_at > gated_events.occurred_at, true)
    group by joined.campaign_key, joined.handoff
),

-- Of a handoff that nobody in the company records nothing is known.
recorded as (
    select
        handoff,
        max(case when done_at is not null or required_count is not null then 1 else 0 end) = 1 as is_recorded
    from joined
    group by handoff
),

final as (
    select
        {{ surrogate_key(['joined.campaign_key', 'joined.handoff']) }} as handoff_id,
        joined.campaign_key,
        joined.handoff_kind,
        joined.seq,
        joined.handoff,
        joined.gated_event,
        coalesce(joined.owner_name, 'Unassigned') as owner_name,
        joined.required_count,
        joined.present_count,
        {{ ratio('joined.present_count', 'joined.required_count') }} as handoff_completeness,
        joined.returned_count,
        coalesce(gated.gated_event_count, 0) as gated_event_count,
        gated.too_early_count,
        case
            when joined.handoff_kind = 'flow' then null
            when recorded.is_recorded is false then 'unknown'
            when gated.too_early_count > 0 then 'failed'
            when joined.done_at is null then 'pending'
            when joined.owner_name is null then 'failed'
            else 'passed'
        end as handoff_state,
        joined.handed_over_at,
        joined.done_at,
        gated.first_gated_at
    from joined
    inner join recorded on joined.handoff = recorded.handoff
    left join gated on joined.campaign_key = gated.campaign_key and joined.handoff = gated.handoff
)

select * from final
