-- Which rows of which files a deal is made of: its record, the histories of its stage and who was in it. A
-- view for `throughline explain`: nothing else reads it.
{{ config(materialized='view') }}

with stated as (
    select
        crm_source,
        crm_deal_id,
        'crm_record' as evidence,
        file_id,
        row_number
    from {{ ref('int_crm_deals_unioned') }}
    {%- for crm_source, evidence, model in [
        ('hubspot', 'stage_history', 'stg_hubspot__deal_stage_changes'),
        ('hubspot', 'contact_role', 'stg_hubspot__deal_contacts'),
        ('salesforce', 'stage_history', 'stg_salesforce__opportunity_changes'),
        ('salesforce', 'stage_history', 'stg_salesforce__opportunity_snapshots'),
        ('salesforce', 'contact_role', 'stg_salesforce__opportunity_contact_roles'),
    ] %}
    union all
    select
        '{{ crm_source }}' as crm_source,
        crm_deal_id,
        '{{ evidence }}' as evidence,
        file_id,
        row_number
    from {{ ref(model) }}
    {%- endfor %}
),

final as (
    select
        {{ surrogate_key(['crm_source', 'crm_deal_id']) }} as opportunity_id,
        evidence,
        file_id,
        row_number
    from stated
)

select * from final
