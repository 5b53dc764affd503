-- source: the definitions, V14
-- why: Domains reserved for examples and numbered test mailboxes are no people.
-- on: release
-- right: 820071|reserved domain
-- right: 820072|test mailbox
-- right: 820073|test mailbox
-- right: 820074|NULL
select crm_contact_id, exclusion_reason from core.dim_contacts where crm_contact_id between '820071' and '820074' order by 1;
