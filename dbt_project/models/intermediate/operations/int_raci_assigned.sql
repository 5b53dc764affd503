-- Who stands behind each step of each campaign. Who has left stands behind nothing; of several
-- accountable persons the first by name is asked, and the gap is told (fct_raci_gaps).
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

raci_template as (
    select * from {{ ref('raci_template') }}
),

escalation_paths as (
    select * from {{ ref('escalation_paths') }}
),

inactive_owners as (
    select * from {{ ref('inactive_owners') }}
),

assignments as (
    select
        assigned.utm_campaign,
        raci_template.workflow_step,
        assigned.raci_letter,
        {{ masked('assigned.person_name') }} as person_name,
        coalesce(assigned.is_active, true) and inactive_owners.owner_name is null as is_active
    from {{ ref('stg_templates__raci_assignments') }} as assigned
    inner join raci_template
        on assigned.workflow_step in (raci_template.workflow_step, lower(raci_template.step_name))
    left join inactive_owners on lower(assigned.person_name) = inactive_owners.owner_name
),

leads as (
    select max(person_name) as operations_lead
    from escalation_paths
    where recipient = 'operations_lead'
),

counted as (
    select
        utm_campaign,
        workflow_step,
        min(case when raci_letter = 'A' and is_active then person_name end) as accountable_name,
        min(case when raci_letter = 'BACKUP' and is_active then person_name end) as backup_name,
        count(distinct case when raci_letter = 'A' and is_active then person_name end) as accountable_count,
        count(distinct case when raci_letter = 'BACKUP' and is_active then person_name end) as backup_count,
        count(distinct case when raci_letter = 'R' and is_active then person_name end) as responsible_count,
        count(distinct case when raci_letter = 'C' and is_active then person_name end) as consulted_count,
        count(distinct case when is_active is false and raci_letter in ('A', 'BACKUP') then person_name end)
            as inactive_count
    from assignments
    group by utm_campaign, workflow_step
),

responsible as (
    select distinct
        utm_campaign,
        workflow_step,
        person_name
    from assignments
    where raci_letter = 'R' and is_active
),

final as (
    select
        {{ surrogate_key(['campaigns.campaign_key', 'raci_template.workflow_step']) }} as raci_step_id,
        campaigns.campaign_key,
        campaigns.campaign_family,
        raci_template.workflow_step,
        raci_template.accountable as accountable_role,
        counted.utm_campaign is not null as is_assigned,
        counted.accountable_name,
        counted.backup_name,
        leads.operations_lead,
        coalesce(counted.accountable_name, counted.backup_name, leads.operations_lead) as owner_name,
        coalesce(responsible.person_name is not null, false) as is_accountable_responsible,
        cast(coalesce(counted.accountable_count, 0) as bigint) as accountable_count,
        cast(coalesce(counted.backup_count, 0) as bigint) as backup_count,
        cast(coalesce(counted.responsible_count, 0) as bigint) as responsible_count,
        cast(coalesce(counted.consulted_count, 0) as bigint) as consulted_count,
        cast(coalesce(counted.inactive_count, 0) as bigint) as inactive_count
    from campaigns
    cross join raci_template
    cross join leads
    left join counted
        on campaigns.utm_campaign = counted.utm_campaign and raci_template.workflow_step = counted.workflow_step
    left join responsible
        on
            counted.utm_campaign = responsible.utm_campaign
            and counted.workflow_step = responsible.workflow_step
            and counted.accountable_name = responsible.person_name
)

select * from final
