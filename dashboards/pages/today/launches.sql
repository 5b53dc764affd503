-- Launches that are later than launch_delay_days allows, or whose date has passed, with the milestone that
-- holds up the rest of the chain and whose it is, and whom unanswered approvals went up to.
with breaks as (
    select
        milestones.campaign_key,
        milestones.milestone_name,
        milestones.owner_name,
        max(maps.held_up_count) as held_up_count
    from operations.fct_milestones as milestones
    left join operations.fct_milestone_map as maps on milestones.milestone_id = maps.milestone_id
    where milestones.is_first_break
    group by milestones.campaign_key, milestones.milestone_name, milestones.owner_name
),

raised as (
    select
        campaign_key,
        string_agg(distinct owner_name, ', ' order by owner_name) as raised_to
    from operations.fct_attention_items
    where kind = 'approval_escalated'
    group by campaign_key
)

select
    launches.campaign_key,
    launches.campaign_name,
    launches.campaign_family,
    launches.slip_days,
    launches.launch_state,
    campaigns.owner_name,
    breaks.milestone_name as held_up_by,
    breaks.owner_name as milestone_owner,
    breaks.held_up_count,
    raised.raised_to,
    launches.baseline_planned_at,
    launches.evidenced_live_at
from operations.fct_campaign_launches as launches
left join core.dim_campaigns as campaigns on launches.campaign_key = campaigns.campaign_key
left join breaks on launches.campaign_key = breaks.campaign_key
left join raised on launches.campaign_key = raised.campaign_key
where not launches.is_cancelled and (launches.is_delayed_over_threshold or launches.launch_state = 'overdue')
order by launches.slip_days desc nulls last, launches.campaign_name
