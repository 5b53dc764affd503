-- Every CRM's people in one shape, each record on its own: leads and contacts of one person are
-- merged later. Stage times are the earliest that the record or a history has.
{%- set string = dbt.type_string() %}
{%- set told_by_hubspot = [
    'merged_contact_ids', 'lifecycle_stage_key', 'latest_source', 'google_click_id', 'facebook_click_id',
    'first_conversion', 'recent_conversion', 'became_subscriber_at', 'became_lead_at', 'became_mql_at',
    'became_sal_at', 'became_sql_at', 'became_opportunity_at', 'became_customer_at',
] %}
{%- set not_told_by_pipedrive = [
    'merged_into_id', 'job_title', 'lead_status', 'original_source', 'owner_id', 'country', 'missing_since_at',
] %}

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

-- Lists of Pipedrive link by name: a name that two organizations have names neither.
pipedrive_organizations as (
    select
        account_name,
        min(coalesce(crm_account_id, {{ surrogate_key(['account_name']) }})) as crm_account_id
    from {{ ref('stg_pipedrive__organizations') }}
    group by account_name
    having count(*) = 1
),

pipedrive_persons as (
    select
        persons.*,
        organizations.crm_account_id
    from {{ ref('stg_pipedrive__persons') }} as persons
    left join pipedrive_organizations as organizations on persons.account_name = organizations.account_name
),

unioned as (
    {{ unioned(
        [
            {
                'from': ref('stg_hubspot__contacts'),
                'as': {
                    'crm_source': "'hubspot'",
                    'record_type': "'contact'",
                    'is_deleted_at_source': 'is_deleted',
                },
                'lacks': ['merged_into_id', 'missing_since_at'],
            },
            {
                'from': ref('stg_salesforce__contacts'),
                'as': {
                    'crm_source': "'salesforce'",
                    'record_type': "'contact'",
                    'associated_company_ids': 'crm_account_id',
                    'is_deleted_at_source': 'is_deleted',
                },
                'lacks': ['company_name', 'lead_status', 'owner_name'] + told_by_hubspot,
            },
            {
                'from': ref('stg_salesforce__leads'),
                'as': {
                    'crm_source': "'salesforce'",
                    'crm_contact_id': 'crm_lead_id',
                    'record_type': "'lead'",
                    'merged_into_id': 'coalesce(converted_contact_id, merged_into_id)',
                    'associated_company_ids': 'converted_account_id',
                    'is_deleted_at_source': 'is_deleted',
                },
                'lacks': ['owner_name'] + told_by_hubspot,
            },
            {
                'from': 'pipedrive_persons',
                'as': {
                    'crm_source': "'pipedrive'",
                    'crm_contact_id': 'coalesce(crm_contact_id, name_key)',
                    'record_type': "'contact'",
                    'associated_company_ids': 'crm_account_id',
                    'company_name': 'account_name',
                    'is_unsubscribed': "marketing_status = 'unsubscribed'",
                    'is_deleted_at_source': 'false',
                },
                'lacks': not_told_by_pipedrive + told_by_hubspot,
            },
            {
                'from': ref('stg_pipedrive__person_records'),
                'as': {
                    'crm_source': "'pipedrive'",
                    'record_type': "'contact'",
                    'associated_company_ids': 'crm_account_id',
                    'is_unsubscribed': "marketing_status = 'unsubscribed'",
                    'is_deleted_at_source': 'is_deleted',
                },
                'lacks': ['company_name'] + not_told_by_pipedrive + told_by_hubspot,
            },
        ],
        columns={
            'crm_source': string,
            'crm_contact_id': string,
            'record_type': string,
            'merged_into_id': string,
            'merged_contact_ids': string,
            'associated_company_ids': string,
            'email': string,
            'company_name': string,
            'job_title': string,
            'lifecycle_stage_key': string,
            'lead_status': string,
            'original_source': string,
            'latest_source': string,
            'google_click_id': string,
            'facebook_click_id': string,
            'first_conversion': string,
            'recent_conversion': string,
            'owner_id': string,
            'owner_name': string,
            'country': string,
            'is_unsubscribed': 'boolean',
            'created_at': 'timestamp',
            'became_subscriber_at': 'timestamp',
            'became_lead_at': 'timestamp',
            'became_mql_at': 'timestamp',
            'became_sal_at': 'timestamp',
            'became_sql_at': 'timestamp',
            'became_opportunity_at': 'timestamp',
            'became_customer_at': 'timestamp',
            'source_updated_at': 'timestamp',
            'source_timezone': string,
            'is_deleted_at_source': 'boolean',
            'missing_since_at': 'timestamp',
            'file_id': 'bigint',
            'row_number': 'bigint',
            'ingested_at': 'timestamp',
        },
    ) }}
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
    where is_reached
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
        {{ known_max_by('lifecycle_stages.lifecycle_stage_key', 'lifecycle_stages.stage_order') }}
            as lifecycle_stage_key
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
        {{ masked('coalesce(newest.lifecycle_stage_key, reached.lifecycle_stage_key)') }} as lifecycle_stage_key,
        newest.lead_status,
        {{ masked('newest.original_source') }} as original_source,
        newest.latest_source,
        newest.google_click_id,
        newest.facebook_click_id,
        newest.first_conversion,
        newest.recent_conversion,
        newest.owner_id,
        coalesce(owners.owner_name, newest.owner_name) as owner_name,
        {{ masked('newest.country') }} as country,
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
