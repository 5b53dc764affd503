-- Every CRM's companies in one shape.
with unioned as (
    select
        'hubspot' as crm_source,
        crm_account_id,
        account_name,
        domain,
        industry,
        country,
        employee_count,
        annual_revenue,
        created_at,
        source_updated_at,
        source_timezone,
        false as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        file_id,
        row_number,
        ingested_at
    from {{ ref('stg_hubspot__companies') }}
    union all
    select
        'hubspot' as crm_source,
        crm_account_id,
        account_name,
        domain,
        industry,
        country,
        employee_count,
        annual_revenue,
        created_at,
        source_updated_at,
        source_timezone,
        is_deleted as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        file_id,
        row_number,
        ingested_at
    from {{ ref('stg_hubspot__company_records') }}
    union all
    select
        'salesforce' as crm_source,
        crm_account_id,
        account_name,
        domain,
        industry,
        country,
        employee_count,
        annual_revenue,
        created_at,
        source_updated_at,
        source_timezone,
        is_deleted as is_deleted_at_source,
        missing_since_at,
        file_id,
        row_number,
        ingested_at
    from {{ ref('stg_salesforce__accounts') }}
    union all
    select
        'pipedrive' as crm_source,
        -- A list without its number column: the name stands for the organization.
        coalesce(crm_account_id, {{ surrogate_key(['account_name']) }}) as crm_account_id,
        account_name,
        domain,
        industry,
        country,
        employee_count,
        annual_revenue,
        created_at,
        source_updated_at,
        source_timezone,
        false as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        file_id,
        row_number,
        ingested_at
    from {{ ref('stg_pipedrive__organizations') }}
    union all
    select
        'pipedrive' as crm_source,
        crm_account_id,
        account_name,
        domain,
        industry,
        country,
        employee_count,
        annual_revenue,
        created_at,
        source_updated_at,
        source_timezone,
        is_deleted as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        file_id,
        row_number,
        ingested_at
    from {{ ref('stg_pipedrive__organization_records') }}
),

-- A record that came by two doors: the newer row counts.
newest as (
    select * from unioned
    where crm_account_id is not null
    qualify
        row_number() over (
            partition by crm_source, crm_account_id order by ingested_at desc, file_id desc, row_number desc
        ) = 1
),

final as (
    select
        {{ surrogate_key(['crm_source', 'crm_account_id']) }} as account_key,
        crm_source,
        crm_account_id,
        account_name,
        domain,
        industry,
        country,
        employee_count,
        annual_revenue,
        created_at,
        source_updated_at,
        source_timezone,
        is_deleted_at_source,
        missing_since_at,
        file_id,
        row_number,
        ingested_at
    from newest
)

select * from final
