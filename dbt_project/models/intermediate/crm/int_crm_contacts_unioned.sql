-- Every CRM's people in one shape, each record on its own: leads and contacts of one person are
-- merged later. Stage times are the earliest that the record or a history has.
with stages as (
    select * from {{ ref('int_crm_contact_stages_dated') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

owners as (
    select * from {{ ref('int_crm_owners_unioned') }}
),

lead_statuses as (
    select * from {{ ref('lead_statuses') }}
),

entered as (
    select
        crm_source,
        crm_contact_id,
        min(case when stage = 'subscriber' then entered_at end) as became_subscriber_at,
        min(case when stage = 'lead' then entered_at end) as became_lead_at,
        min(case when stage = 'mql' then entered_at end) as became_mql_at,
        min(case when stage = 'sal' then entered_at end) as became_sal_at,
        min(case when stage = 'sql' then entered_at end) as became_sql_at,
        min(case when stage = 'opportunity' then entered_at end) as became_opportunity_at,
        min(case when stage = 'customer' then entered_at end) as became_customer_at
    from stages
    group by crm_source, crm_contact_id
),

unioned as (
    select
        'hubspot' as crm_source,
        crm_contact_id,
        'contact' as record_type,
        cast(null as {{ dbt.type_string() }}) as merged_into_id,
        merged_contact_ids,
        associated_company_ids,
        email,
        company_name,
        job_title,
        lifecycle_stage_key,
        lead_status,
        original_source,
        latest_source,
        google_click_id,
        facebook_click_id,
        first_conversion,
        recent_conversion,
        owner_id,
        owner_name,
        country,
        is_unsubscribed,
        created_at,
        became_subscriber_at,
        became_lead_at,
        became_mql_at,
        became_sal_at,
        became_sql_at,
        became_opportunity_at,
        became_customer_at,
        source_updated_at,
        source_timezone,
        is_deleted as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        file_id,
        row_number,
        ingested_at
    from {{ ref('stg_hubspot__contacts') }}
    union all
    select * from {{ ref('int_salesforce_people_unioned') }}
    union all
    select * from {{ ref('int_pipedrive_people_unioned') }}
),

-- A record that came by two doors: the newer row counts.
newest as (
    select * from unioned
    where crm_contact_id is not null
    qualify
        row_number() over (
            partition by crm_source, crm_contact_id order by ingested_at desc, file_id desc, row_number desc
        ) = 1
),

-- A CRM without a lifecycle stage of its own: the furthest one that was reached by the run's clock.
reached_stages as (
    select
        crm_source,
        crm_contact_id,
        stage
    from stages
    where entered_at <= {{ as_of_at() }}
    union all
    select
        newest.crm_source,
        newest.crm_contact_id,
        lead_statuses.stage
    from newest
    inner join lead_statuses on lower(newest.lead_status) = lead_statuses.lead_status_key
    where newest.crm_source <> 'hubspot'
),

reached as (
    select
        reached_stages.crm_source,
        reached_stages.crm_contact_id,
        max_by(lifecycle_stages.lifecycle_stage_key, lifecycle_stages.stage_order) as lifecycle_stage_key
    from reached_stages
    inner join lifecycle_stages on reached_stages.stage = lifecycle_stages.stage
    group by reached_stages.crm_source, reached_stages.crm_contact_id
),

final as (
    select
        concat(newest.crm_source, ':', newest.crm_contact_id) as record_key,
        newest.crm_source,
        newest.crm_contact_id,
        newest.record_type,
        newest.merged_into_id,
        newest.merged_contact_ids,
        newest.associated_company_ids,
        newest.email,
        newest.company_name,
        newest.job_title,
        coalesce(newest.lifecycle_stage_key, reached.lifecycle_stage_key) as lifecycle_stage_key,
        newest.lead_status,
        newest.original_source,
        newest.latest_source,
        newest.google_click_id,
        newest.facebook_click_id,
        newest.first_conversion,
        newest.recent_conversion,
        newest.owner_id,
        coalesce(owners.owner_name, newest.owner_name) as owner_name,
        newest.country,
        newest.is_unsubscribed,
        newest.created_at,
        least(newest.became_subscriber_at, entered.became_subscriber_at) as became_subscriber_at,
        least(newest.became_lead_at, entered.became_lead_at) as became_lead_at,
        least(newest.became_mql_at, entered.became_mql_at) as became_mql_at,
        least(newest.became_sal_at, entered.became_sal_at) as became_sal_at,
        least(newest.became_sql_at, entered.became_sql_at) as became_sql_at,
        least(newest.became_opportunity_at, entered.became_opportunity_at) as became_opportunity_at,
        least(newest.became_customer_at, entered.became_customer_at) as became_customer_at,
        newest.source_updated_at,
        newest.source_timezone,
        newest.is_deleted_at_source,
        newest.missing_since_at,
        newest.file_id,
        newest.row_number,
        newest.ingested_at
    from newest
    left join entered
        on newest.crm_source = entered.crm_source and newest.crm_contact_id = entered.crm_contact_id
    left join reached
        on newest.crm_source = reached.crm_source and newest.crm_contact_id = reached.crm_contact_id
    left join owners on newest.crm_source = owners.crm_source and newest.owner_id = owners.owner_id
)

select * from final
