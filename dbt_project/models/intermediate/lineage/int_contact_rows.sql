-- Which rows of which files say who a contact is and when it entered its stages: all its CRM records, the
-- merges between them and the histories. A view for `throughline explain`: nothing else reads it.
{{ config(materialized='view') }}

with aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

records as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

stated as (
    select
        record_key,
        'crm_record' as evidence,
        file_id,
        row_number
    from records
    union all
    select
        concat('hubspot:', merged_id) as record_key,
        'merge' as evidence,
        file_id,
        row_number
    from {{ ref('stg_hubspot__contact_merges') }}
    union all
    select
        concat('hubspot:', crm_contact_id) as record_key,
        'stage_history' as evidence,
        file_id,
        row_number
    from {{ ref('stg_hubspot__contact_property_changes') }}
    where property_name = 'lifecyclestage'
    union all
    select
        concat('salesforce:', crm_lead_id) as record_key,
        'stage_history' as evidence,
        file_id,
        row_number
    from {{ ref('stg_salesforce__lead_changes') }}
    where field_name = 'status'
),

final as (
    select
        aliases.contact_key,
        aliases.record_key,
        stated.evidence,
        stated.file_id,
        stated.row_number
    from stated
    inner join aliases on stated.record_key = aliases.record_key
)

select * from final
