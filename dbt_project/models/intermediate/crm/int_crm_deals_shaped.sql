-- Every door's deals in one shape; a deal may come by several.
{%- set string = dbt.type_string() %}
{#- In Pipedrive a deal ends by its status, in whatever stage. -#}
{%- set has_known_status = "status in ('open', 'won', 'lost', 'deleted')" %}
{%- set told_by_pipedrive = {
    'crm_source': "'pipedrive'",
    'is_closed': "case when " ~ has_known_status ~ " then status in ('won', 'lost') end",
    'is_won': "case when " ~ has_known_status ~ " then status = 'won' end",
    'outcome_key': "case when " ~ has_known_status ~ " then lower(deal_stage) else coalesce(status, '') end",
    'close_at': 'coalesce(closed_at, ' ~ local_day_start('expected_close_date', var('source_time_zones').pipedrive) ~ ')',
    'has_close_time': 'closed_at is not null',
} %}

with hubspot_stages as (
    select
        lower(deal_stage_id) as deal_stage_key,
        min(stage_name) as stage_name
    from {{ ref('stg_hubspot__deal_pipeline_stages') }}
    group by lower(deal_stage_id)
),

-- A connector says in a table of its own whose deal it is; 5 is the primary company.
hubspot_accounts as (
    select * from {{ ref('stg_hubspot__deal_companies') }}
    qualify
        row_number() over (
            partition by crm_deal_id
            order by case when association_type_id = '5' then 0 else 1 end, crm_account_id, association_type_id
        ) = 1
),

salesforce_accounts as (
    select
        account_name,
        min(crm_account_id) as crm_account_id
    from {{ ref('stg_salesforce__accounts') }}
    group by account_name
    -- A name that two accounts have names neither.
    having count(*) = 1
),

salesforce_deals as (
    select
        opportunities.*,
        accounts.account_name
    from {{ ref('stg_salesforce__opportunities') }} as opportunities
    left join {{ ref('stg_salesforce__accounts') }} as accounts
        on opportunities.crm_account_id = accounts.crm_account_id
),

-- A report counts only for what the export of the object does not hold. Its ids have 15 characters.
salesforce_report_deals as (
    select
        reports.*,
        salesforce_accounts.crm_account_id
    from {{ ref('stg_salesforce__opportunity_reports') }} as reports
    left join salesforce_deals as by_id on reports.crm_deal_id = substr(by_id.crm_deal_id, 1, 15)
    left join salesforce_deals as by_name
        on reports.deal_name = by_name.deal_name and reports.account_name = by_name.account_name
    left join salesforce_accounts on reports.account_name = salesforce_accounts.account_name
    where by_id.crm_deal_id is null and by_name.crm_deal_id is null
),

pipedrive_accounts as (
    select
        account_name,
        min(coalesce(crm_account_id, {{ surrogate_key(['account_name']) }})) as crm_account_id
    from {{ ref('stg_pipedrive__organizations') }}
    group by account_name
    having count(*) = 1
),

pipedrive_stages as (
    select * from {{ ref('stg_pipedrive__stages') }}
),

hubspot_deals as (
    select
        deals.*,
        coalesce(
            trim(split_part(deals.associated_company_ids, ';', 1)), hubspot_accounts.crm_account_id
        ) as crm_account_id,
        coalesce(hubspot_stages.stage_name, deals.deal_stage_key) as deal_stage
    from {{ ref('stg_hubspot__deals') }} as deals
    left join hubspot_stages on deals.deal_stage_key = hubspot_stages.deal_stage_key
    left join hubspot_accounts on deals.crm_deal_id = hubspot_accounts.crm_deal_id
),

pipedrive_deals as (
    select
        deals.*,
        pipedrive_accounts.crm_account_id
    from {{ ref('stg_pipedrive__deals') }} as deals
    left join pipedrive_accounts on deals.account_name = pipedrive_accounts.account_name
),

pipedrive_deal_records as (
    select
        deals.*,
        coalesce(pipedrive_stages.pipeline, deals.pipeline_id) as pipeline,
        coalesce(pipedrive_stages.stage_name, deals.deal_stage_id) as deal_stage
    from {{ ref('stg_pipedrive__deal_records') }} as deals
    left join pipedrive_stages on deals.deal_stage_id = pipedrive_stages.deal_stage_id
),

final as (
    {{ unioned(
        [
            {
                'from': 'hubspot_deals',
                'as': {
                    'crm_source': "'hubspot'",
                    'outcome_key': 'deal_stage_key',
                    'has_close_time': 'true',
                    'is_deleted_at_source': 'is_deleted',
                },
                'lacks': ['missing_since_at'],
            },
            {
                'from': 'salesforce_deals',
                'as': {
                    'crm_source': "'salesforce'",
                    'outcome_key': 'lower(deal_stage)',
                    'close_at': local_day_start('close_date', var('source_time_zones').salesforce),
                    'has_close_time': 'false',
                    'is_deleted_at_source': 'is_deleted',
                },
                'lacks': ['pipeline', 'owner_name'],
            },
            {
                'from': 'salesforce_report_deals',
                'as': {
                    'crm_source': "'salesforce'",
                    'crm_deal_id': 'coalesce(crm_deal_id, ' ~ surrogate_key(['deal_name', 'account_name']) ~ ')',
                    'outcome_key': 'lower(deal_stage)',
                    'created_at': local_day_start('created_date', var('source_time_zones').salesforce),
                    'close_at': local_day_start('close_date', var('source_time_zones').salesforce),
                    'has_close_time': 'false',
                    'source_timezone': "'" ~ var('source_time_zones').salesforce ~ "'",
                    'is_deleted_at_source': 'false',
                },
                'lacks': ['pipeline', 'owner_id', 'source_updated_at', 'missing_since_at'],
            },
            {
                'from': 'pipedrive_deals',
                'as': dict(
                    told_by_pipedrive, crm_deal_id='coalesce(crm_deal_id, title_key)', is_deleted_at_source='false'
                ),
                'lacks': ['deal_type', 'owner_id', 'missing_since_at'],
            },
            {
                'from': 'pipedrive_deal_records',
                'as': dict(told_by_pipedrive, is_deleted_at_source='is_deleted'),
                'lacks': ['deal_type', 'owner_id', 'missing_since_at'],
            },
        ],
        columns={
            'crm_source': string,
            'crm_deal_id': string,
            'crm_account_id': string,
            'pipeline': string,
            'deal_stage': string,
            'outcome_key': string,
            'is_closed': 'boolean',
            'is_won': 'boolean',
            'deal_type': string,
            'owner_id': string,
            'owner_name': string,
            'amount': 'decimal(18, 2)',
            'currency': string,
            'created_at': 'timestamp',
            'close_at': 'timestamp',
            'has_close_time': 'boolean',
            'source_updated_at': 'timestamp',
            'source_timezone': string,
            'is_deleted_at_source': 'boolean',
            'missing_since_at': 'timestamp',
            'file_id': 'bigint',
            'row_number': 'bigint',
            'ingested_at': 'timestamp',
        },
    ) }}
)

select * from final
where crm_deal_id is not null
