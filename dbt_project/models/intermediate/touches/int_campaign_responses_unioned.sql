-- Who was in a campaign of the CRM, and who responded.
with campaigns as (
    select * from {{ ref('stg_salesforce__campaigns') }}
),

aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

members as (
    select
        'salesforce' as crm_source,
        *,
        coalesce(crm_contact_id, crm_lead_id) as crm_person_id
    from {{ ref('stg_salesforce__campaign_members') }}
),

final as (
    select
        {{ surrogate_key(['members.crm_source', 'members.campaign_member_id']) }} as campaign_response_id,
        members.crm_source,
        members.crm_campaign_id,
        campaigns.crm_campaign_name,
        campaigns.campaign_type,
        aliases.contact_key,
        members.status as member_status,
        members.has_responded,
        members.first_responded_date,
        members.created_at as joined_at,
        members.is_deleted as is_deleted_at_source,
        members.missing_since_at,
        members.file_id,
        members.row_number
    from members
    left join campaigns on members.crm_campaign_id = campaigns.crm_campaign_id
    left join aliases
        on members.crm_source = aliases.crm_source and members.crm_person_id = aliases.crm_contact_id
)

select * from final
