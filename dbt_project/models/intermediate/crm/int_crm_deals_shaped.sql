-- Every door's deals in one shape; a deal may come by several.
with hubspot_stages as (
    select
        deal_stage_id,
        min(stage_name) as stage_name,
        bool_or(is_closed) as is_closed,
        bool_or(is_won) as is_won
    from {{ ref('stg_hubspot__deal_pipeline_stages') }}
    group by deal_stage_id
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
report_deals as (
    select reports.*
    from {{ ref('stg_salesforce__opportunity_reports') }} as reports
    left join salesforce_deals as by_id on reports.crm_deal_id = substr(by_id.crm_deal_id, 1, 15)
    left join salesforce_deals as by_name
        on reports.deal_name = by_name.deal_name and reports.account_name = by_name.account_name
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

final as (
    select
        'hubspot' as crm_source,
        deals.crm_deal_id,
        coalesce(
            trim(split_part(deals.associated_company_ids, ';', 1)), hubspot_accounts.crm_account_id
        ) as crm_account_id,
        deals.pipeline,
        coalesce(hubspot_stages.stage_name, deals.deal_stage_key) as deal_stage,
        hubspot_stages.is_closed,
        hubspot_stages.is_won,
        deals.deal_type,
        deals.owner_id,
        deals.owner_name,
        deals.amount,
        deals.currency,
        deals.created_at,
        deals.close_at,
        true as has_close_time,
        deals.source_updated_at,
        deals.source_timezone,
        deals.is_deleted as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        deals.file_id,
        deals.row_number,
        deals.ingested_at
    from {{ ref('stg_hubspot__deals') }} as deals
    left join hubspot_stages on deals.deal_stage_key = lower(hubspot_stages.deal_stage_id)
    left join hubspot_accounts on deals.crm_deal_id = hubspot_accounts.crm_deal_id
    union all
    select
        'salesforce' as crm_source,
        crm_deal_id,
        crm_account_id,
        cast(null as {{ dbt.type_string() }}) as pipeline,
        deal_stage,
        is_closed,
        is_won,
        deal_type,
        owner_id,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        amount,
        currency,
        created_at,
        {{ local_time('close_date', var('crm_time_zone')) }} as close_at,
        false as has_close_time,
        source_updated_at,
        source_timezone,
        is_deleted as is_deleted_at_source,
        missing_since_at,
        file_id,
        row_number,
        ingested_at
    from salesforce_deals
    union all
    select
        'salesforce' as crm_source,
        coalesce(
            report_deals.crm_deal_id, {{ surrogate_key(['report_deals.deal_name', 'report_deals.account_name']) }}
        ) as crm_deal_id,
        salesforce_accounts.crm_account_id,
        cast(null as {{ dbt.type_string() }}) as pipeline,
        report_deals.deal_stage,
        cast(null as boolean) as is_closed,
        cast(null as boolean) as is_won,
        report_deals.deal_type,
        cast(null as {{ dbt.type_string() }}) as owner_id,
        report_deals.owner_name,
        report_deals.amount,
        report_deals.currency,
        {{ local_time('report_deals.created_date', var('crm_time_zone')) }} as created_at,
        {{ local_time('report_deals.close_date', var('crm_time_zone')) }} as close_at,
        false as has_close_time,
        cast(null as timestamp) as source_updated_at,
        '{{ var("crm_time_zone") }}' as source_timezone,
        false as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        report_deals.file_id,
        report_deals.row_number,
        report_deals.ingested_at
    from report_deals
    left join salesforce_accounts on report_deals.account_name = salesforce_accounts.account_name
    union all
    select
        'pipedrive' as crm_source,
        coalesce(deals.crm_deal_id, deals.title_key) as crm_deal_id,
        pipedrive_accounts.crm_account_id,
        deals.pipeline,
        deals.deal_stage,
        deals.status in ('won', 'lost') as is_closed,
        deals.status = 'won' as is_won,
        cast(null as {{ dbt.type_string() }}) as deal_type,
        cast(null as {{ dbt.type_string() }}) as owner_id,
        deals.owner_name,
        deals.amount,
        deals.currency,
        deals.created_at,
        coalesce(deals.closed_at, {{ local_time('deals.expected_close_date', var('crm_time_zone')) }}) as close_at,
        true as has_close_time,
        deals.source_updated_at,
        deals.source_timezone,
        false as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        deals.file_id,
        deals.row_number,
        deals.ingested_at
    from {{ ref('stg_pipedrive__deals') }} as deals
    left join pipedrive_accounts on deals.account_name = pipedrive_accounts.account_name
    union all
    select
        'pipedrive' as crm_source,
        deals.crm_deal_id,
        deals.crm_account_id,
        coalesce(pipedrive_stages.pipeline, deals.pipeline_id) as pipeline,
        coalesce(pipedrive_stages.stage_name, deals.deal_stage_id) as deal_stage,
        deals.status in ('won', 'lost') as is_closed,
        deals.status = 'won' as is_won,
        cast(null as {{ dbt.type_string() }}) as deal_type,
        cast(null as {{ dbt.type_string() }}) as owner_id,
        deals.owner_name,
        deals.amount,
        deals.currency,
        deals.created_at,
        coalesce(deals.closed_at, {{ local_time('deals.expected_close_date', var('crm_time_zone')) }}) as close_at,
        true as has_close_time,
        deals.source_updated_at,
        deals.source_timezone,
        deals.is_deleted as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        deals.file_id,
        deals.row_number,
        deals.ingested_at
    from {{ ref('stg_pipedrive__deal_records') }} as deals
    left join pipedrive_stages on deals.deal_stage_id = pipedrive_stages.deal_stage_id
)

select * from final
where crm_deal_id is not null
