-- Every e-mail address that names a record of a CRM, and how: what somebody once wrote it by names it still.
{%- set string = dbt.type_string() %}

with contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

hubspot_changes as (
    select * from {{ ref('stg_hubspot__contact_property_changes') }}
    where property_name in ('email', 'hs_additional_emails')
),

lead_changes as (
    select * from {{ ref('stg_salesforce__lead_changes') }}
    where field_name = 'email'
),

contact_changes as (
    select * from {{ ref('stg_salesforce__contact_changes') }}
    where field_name = 'email'
),

-- A record can come by two doors, of which the newer one is the contact: here both speak.
rows_told as (
    {{ unioned(
        [
            {'from': ref('stg_hubspot__contacts'), 'as': {'crm_source': "'hubspot'"}},
            {
                'from': ref('stg_salesforce__contacts'),
                'as': {'crm_source': "'salesforce'"},
                'lacks': ['further_emails'],
            },
            {
                'from': ref('stg_salesforce__leads'),
                'as': {'crm_source': "'salesforce'", 'crm_contact_id': 'crm_lead_id'},
                'lacks': ['further_emails'],
            },
            {
                'from': ref('stg_pipedrive__persons'),
                'as': {'crm_source': "'pipedrive'", 'crm_contact_id': 'coalesce(crm_contact_id, name_key)'},
            },
            {'from': ref('stg_pipedrive__person_records'), 'as': {'crm_source': "'pipedrive'"}},
            {
                'from': 'hubspot_changes',
                'as': {'crm_source': "'hubspot'", 'earlier_emails': 'property_value'},
                'lacks': ['email', 'further_emails'],
            },
            {
                'from': 'lead_changes',
                'as': {
                    'crm_source': "'salesforce'",
                    'crm_contact_id': 'crm_lead_id',
                    'earlier_emails': "concat_ws(';', old_value, new_value)",
                },
                'lacks': ['email', 'further_emails'],
            },
            {
                'from': 'contact_changes',
                'as': {
                    'crm_source': "'salesforce'",
                    'earlier_emails': "concat_ws(';', old_value, new_value)",
                },
                'lacks': ['email', 'further_emails'],
            },
        ],
        columns={
            'crm_source': string,
            'crm_contact_id': string,
            'email': string,
            'further_emails': string,
            'earlier_emails': string,
        },
    ) }}
),

stated as (
    select
        record_key,
        email,
        1 as kind_order
    from contacts
    union all
    select
        concat(crm_source, ':', crm_contact_id) as record_key,
        {{ address_rows('further_emails') }} as email,
        2 as kind_order
    from rows_told
    where crm_contact_id is not null
    union all
    select
        concat(crm_source, ':', crm_contact_id) as record_key,
        {{ address_rows("concat_ws(';', email, earlier_emails)") }} as email,
        3 as kind_order
    from rows_told
    where crm_contact_id is not null
),

final as (
    select
        record_key,
        email,
        case min(kind_order)
            when 1 then 'primary'
            when 2 then 'further'
            else 'earlier'
        end as address_kind
    from stated
    where email is not null
    group by record_key, email
)

select * from final
