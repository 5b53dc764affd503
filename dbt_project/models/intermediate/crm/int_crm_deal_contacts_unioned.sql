-- All contacts of a deal, the primary one first: as the CRM marks it, or else the first that was
-- named, or else the lowest id.
with hubspot_mentions as (
    select
        crm_deal_id,
        trim(split_part(associated_contact_ids, ';', 1)) as first_contact_id,
        {{ split_rows('associated_contact_ids', ';') }} as crm_contact_id
    from {{ ref('stg_hubspot__deals') }}
),

-- A list names persons by name: a name that two persons have names neither.
pipedrive_persons as (
    select
        contact_name,
        min(coalesce(crm_contact_id, name_key)) as crm_contact_id
    from {{ ref('stg_pipedrive__persons') }}
    group by contact_name
    having count(*) = 1
),

hubspot_named as (
    select
        crm_deal_id,
        trim(crm_contact_id) as crm_contact_id,
        case when trim(crm_contact_id) = first_contact_id then 1 else 2 end as precedence
    from hubspot_mentions
),

salesforce_roles as (
    select * from {{ ref('stg_salesforce__opportunity_contact_roles') }}
    where is_deleted is false
),

pipedrive_named as (
    select
        coalesce(deals.crm_deal_id, deals.title_key) as crm_deal_id,
        pipedrive_persons.crm_contact_id
    from {{ ref('stg_pipedrive__deals') }} as deals
    inner join pipedrive_persons on deals.contact_name = pipedrive_persons.contact_name
),

named as (
    {{ unioned(
        [
            {
                'from': 'hubspot_named',
                'as': {'crm_source': "'hubspot'"},
                'lacks': ['contact_role', 'named_at'],
            },
            {
                'from': ref('stg_hubspot__deal_contacts'),
                'as': {'crm_source': "'hubspot'", 'precedence': '2'},
                'lacks': ['contact_role', 'named_at'],
            },
            {
                'from': 'salesforce_roles',
                'as': {
                    'crm_source': "'salesforce'",
                    'precedence': 'case when is_primary then 0 else 2 end',
                    'named_at': 'created_at',
                },
            },
            {
                'from': ref('stg_salesforce__opportunities'),
                'as': {
                    'crm_source': "'salesforce'",
                    'crm_contact_id': 'source_contact_id',
                    'precedence': '1',
                    'named_at': 'created_at',
                },
                'lacks': ['contact_role'],
            },
            {
                'from': 'pipedrive_named',
                'as': {'crm_source': "'pipedrive'", 'precedence': '1'},
                'lacks': ['contact_role', 'named_at'],
            },
            {
                'from': ref('stg_pipedrive__deal_records'),
                'as': {'crm_source': "'pipedrive'", 'precedence': '1'},
                'lacks': ['contact_role', 'named_at'],
            },
        ],
        columns={
            'crm_source': dbt.type_string(),
            'crm_deal_id': dbt.type_string(),
            'crm_contact_id': dbt.type_string(),
            'contact_role': dbt.type_string(),
            'precedence': 'int',
            'named_at': 'timestamp',
        },
    ) }}
),

merged as (
    select
        crm_source,
        crm_deal_id,
        crm_contact_id,
        min(contact_role) as contact_role,
        min(precedence) as precedence,
        min(named_at) as named_at
    from named
    where crm_contact_id <> '' and crm_deal_id is not null
    group by crm_source, crm_deal_id, crm_contact_id
),

final as (
    select
        {{ surrogate_key(['crm_source', 'crm_deal_id']) }} as opportunity_id,
        crm_source,
        crm_deal_id,
        crm_contact_id,
        contact_role,
        cast(
            row_number() over (
                partition by crm_source, crm_deal_id
                order by precedence, named_at nulls last, length(crm_contact_id), crm_contact_id
            ) as bigint
        ) as contact_position
    from merged
)

select * from final
