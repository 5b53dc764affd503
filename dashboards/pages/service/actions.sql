-- Corrective actions, the open first.
select
    actions.campaign_key,
    actions.entity_name,
    coalesce(campaigns.campaign_family, 'Unfiled') as campaign_family,
    actions.rule,
    actions.action_state,
    actions.reason,
    actions.owner_name,
    actions.backup_name,
    actions.measured_value,
    actions.threshold_value,
    actions.opened_at,
    actions.due_at,
    actions.closed_at
from operations.fct_corrective_actions as actions
left join core.dim_campaigns as campaigns on actions.campaign_key = campaigns.campaign_key
order by actions.action_state = 'open' desc, actions.due_at, actions.entity_name, actions.corrective_action_id
