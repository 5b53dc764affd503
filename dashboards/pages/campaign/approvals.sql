-- Rounds of approval of each campaign.
select
    campaign_key,
    approval_step,
    round_no,
    owner_name,
    business_hours,
    sla_hours,
    requested_at,
    decided_at,
    is_blocked,
    case when is_blocked then 'blocked' else decision end as state
from operations.fct_approval_rounds
where campaign_key is not null
order by campaign_key, requested_at, approval_id, round_no
