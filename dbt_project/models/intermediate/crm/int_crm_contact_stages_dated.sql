-- When a record entered a stage of the funnel, where the CRM keeps that in another place than on the
-- record: HubSpot's property history, Salesforce's leads and their status history, Pipedrive's
-- persons, and the deals of the CRMs that have no lifecycle stage.
{%- set converted_on = local_day_start('converted_date', var('source_time_zones').salesforce) %}
{%- set salesforce_zone = "'" ~ var('source_time_zones').salesforce ~ "'" %}

with lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

lead_statuses as (
    select * from {{ ref('lead_statuses') }}
),

leads as (
    select * from {{ ref('stg_salesforce__leads') }}
),

-- What a lead went through, the contact that it became went through.
lead_records as (
    select
        crm_lead_id,
        crm_lead_id as crm_contact_id
    from leads
    union all
    select
        crm_lead_id,
        converted_contact_id as crm_contact_id
    from leads
    where converted_contact_id is not null
),

lead_stages as (
    select
        crm_lead_id,
        'lead' as stage,
        created_at as entered_at,
        {{ latest_moment('created_at', salesforce_zone) }} as entered_until_at
    from leads
    union all
    -- Sales converts a lead when it is theirs. The day is all that is known, and not before creation.
    select
        crm_lead_id,
        'sql' as stage,
        greatest(created_at, {{ converted_on }}) as entered_at,
        greatest(created_at, {{ latest_moment(converted_on, salesforce_zone) }}) as entered_until_at
    from leads
    where is_converted
    union all
    select
        changes.crm_lead_id,
        lead_statuses.stage,
        changes.created_at as entered_at,
        {{ latest_moment('changes.created_at', salesforce_zone) }} as entered_until_at
    from {{ ref('stg_salesforce__lead_changes') }} as changes
    inner join lead_statuses on lower(changes.new_value) = lead_statuses.lead_status_key
    where changes.field_name = 'status'
),

pipedrive_persons as (
    select
        coalesce(crm_contact_id, name_key) as crm_contact_id,
        created_at
    from {{ ref('stg_pipedrive__persons') }}
    union all
    select
        crm_contact_id,
        created_at
    from {{ ref('stg_pipedrive__person_records') }}
),

deals as (
    select * from {{ ref('int_crm_deals_unioned') }}
    -- HubSpot says on the contact when it became an opportunity or a customer.
    where crm_source <> 'hubspot'
),

deal_contacts as (
    select * from {{ ref('int_crm_deal_contacts_unioned') }}
),

dated as (
    select
        'hubspot' as crm_source,
        changes.crm_contact_id,
        lifecycle_stages.stage,
        changes.changed_at as entered_at,
        {{ latest_moment('changes.changed_at', "'" ~ var('source_time_zones').hubspot ~ "'") }} as entered_until_at
    from {{ ref('stg_hubspot__contact_property_changes') }} as changes
    inner join lifecycle_stages
        on lower(replace(replace(changes.property_value, ' ', ''), '_', '')) = lifecycle_stages.lifecycle_stage_key
    where changes.property_name = 'lifecyclestage'
    union all
    select
        'salesforce' as crm_source,
        lead_records.crm_contact_id,
        lead_stages.stage,
        lead_stages.entered_at,
        lead_stages.entered_until_at
    from lead_stages
    inner join lead_records on lead_stages.crm_lead_id = lead_records.crm_lead_id
    union all
    -- Pipedrive knows no stage of a person: whoever is entered is a lead from then on.
    select
        'pipedrive' as crm_source,
        crm_contact_id,
        'lead' as stage,
        created_at as entered_at,
        {{ latest_moment('created_at', "'" ~ var('source_time_zones').pipedrive ~ "'") }} as entered_until_at
    from pipedrive_persons
    union all
    select
        deal_contacts.crm_source,
        deal_contacts.crm_contact_id,
        'opportunity' as stage,
        deals.created_at as entered_at,
        deals.created_until_at as entered_until_at
    from deals
    inner join deal_contacts on deals.opportunity_id = deal_contacts.opportunity_id
    union all
    select
        deal_contacts.crm_source,
        deal_contacts.crm_contact_id,
        'customer' as stage,
        deals.close_at as entered_at,
        deals.close_until_at as entered_until_at
    from deals
    inner join deal_contacts on deals.opportunity_id = deal_contacts.opportunity_id
    where deals.is_won
),

final as (
    select
        crm_source,
        crm_contact_id,
        stage,
        entered_at,
        entered_until_at,
        entered_at <= {{ as_of_at() }} as is_reached
    from dated
    -- Who has neither number nor name is set aside, and entered nothing.
    where entered_at is not null and crm_contact_id is not null
    qualify
        row_number() over (
            partition by crm_source, crm_contact_id, stage order by entered_at, entered_until_at
        ) = 1
)

select * from final
