-- What the newest brief of each campaign lacks, the errors first.
select
    campaign_key,
    finding,
    severity,
    field_name,
    action
from operations.fct_brief_findings
where is_latest_version and campaign_key is not null
order by campaign_key, severity, brief_finding_id
