with contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

exclusion_rules as (
    select * from {{ ref('exclusion_rules') }}
),

-- What a merge keeps: the survivor's fields, and the earliest time of each stage of all its records.
stages as (
    select
        aliases.survivor_source,
        aliases.survivor_id,
        aliases.contact_key,
        min(contacts.created_at) as created_at,
        min(contacts.became_subscriber_at) as became_subscriber_at,
        min(contacts.became_lead_at) as became_lead_at,
        min(contacts.became_mql_at) as became_mql_at,
        min(contacts.became_sal_at) as became_sal_at,
        min(contacts.became_sql_at) as became_sql_at,
        min(contacts.became_opportunity_at) as became_opportunity_at,
        min(contacts.became_customer_at) as became_customer_at,
        cast(count(*) as bigint) as record_count
    from aliases
    inner join contacts
        on aliases.crm_source = contacts.crm_source and aliases.crm_contact_id = contacts.crm_contact_id
    group by aliases.survivor_source, aliases.survivor_id, aliases.contact_key
),

excluded as (
    select
        contacts.crm_source,
        contacts.crm_contact_id,
        {{ known_min_by('exclusion_rules.reason', 'exclusion_rules.rule_id') }} as exclusion_reason
    from contacts
    inner join exclusion_rules on {{ matches('contacts.email', 'exclusion_rules.pattern', ref('exclusion_rules')) }}
    group by contacts.crm_source, contacts.crm_contact_id
),

final as (
    select
        stages.contact_key,
        contacts.crm_source,
        contacts.crm_contact_id,
        contacts.email,
        contacts.associated_company_ids,
        contacts.company_name,
        contacts.lifecycle_stage_key,
        contacts.original_source,
        contacts.country,
        contacts.owner_id,
        contacts.owner_name,
        excluded.exclusion_reason,
        excluded.exclusion_reason is not null as is_excluded,
        stages.record_count,
        stages.created_at,
        stages.became_subscriber_at,
        stages.became_lead_at,
        stages.became_mql_at,
        stages.became_sal_at,
        stages.became_sql_at,
        stages.became_opportunity_at,
        stages.became_customer_at,
        contacts.is_deleted_at_source,
        contacts.missing_since_at,
        contacts.file_id,
        contacts.row_number
    from contacts
    inner join stages
        on contacts.crm_source = stages.survivor_source and contacts.crm_contact_id = stages.survivor_id
    left join excluded
        on contacts.crm_source = excluded.crm_source and contacts.crm_contact_id = excluded.crm_contact_id
)

select * from final
