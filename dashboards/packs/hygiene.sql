-- Each task of hygiene in the period that was over last, and in the one that runs; before campaigns those
-- that are due, and those missed since the meeting before.
select
    compliance.title,
    compliance.owner_role,
    campaigns.campaign_name,
    compliance.period_start_date,
    compliance.compliance_state,
    compliance.worklist_count,
    compliance.done_at
from operations.fct_hygiene_compliance as compliance
left join core.dim_campaigns as campaigns on compliance.campaign_key = campaigns.campaign_key
where
    compliance.starts_at <= $until
    and (compliance.compliance_state = 'due' or compliance.ends_at > $since or compliance.ends_at is null)
    and (compliance.campaign_key is null or compliance.compliance_state <> 'done')
order by compliance.seq, compliance.period_start_date, campaigns.campaign_name
