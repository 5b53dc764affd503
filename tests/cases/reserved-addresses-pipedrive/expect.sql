-- source: the kind of reserved-addresses, Pipedrive
-- why: Whoever enters a test address enters no person, in whichever CRM.
-- on: release
-- right: 823001|reserved domain
-- right: 823002|test mailbox
-- right: 823003|NULL
select crm_contact_id, exclusion_reason from core.dim_contacts where crm_contact_id between '823001' and '823003' order by 1;

-- why: Pipedrive has no stage of a person: from its creation, 10:00 in New York, it is a lead; test addresses are none.
-- on: release
-- right: 823003|2026-09-16 14:00:00|false
select contacts.crm_contact_id, stages.entered_at, stages.is_imputed from funnel.fct_lifecycle_stages as stages inner join core.dim_contacts as contacts on stages.contact_key = contacts.contact_key where contacts.crm_contact_id between '823001' and '823003' and stages.stage = 'lead' and contacts.exclusion_reason is null;

-- why: So it is counted among the leads, on that day.
-- on: release
-- right: 1
select count(*) from attribution.fct_conversions as conversions inner join core.dim_contacts as contacts on conversions.contact_key = contacts.contact_key where contacts.crm_contact_id between '823001' and '823003' and conversions.conversion_type = 'lead';
