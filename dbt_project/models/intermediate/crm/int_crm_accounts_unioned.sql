-- Every CRM's companies in one shape.
with owners as (
    select * from {{ ref('int_crm_owners_unioned') }}
),

unioned as (
    select
        'hubspot' as crm_source,
        crm_account_id,
        account_name,
        domain,
        industry,
        country,
        owner_name,
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
        owner_name,
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
        owner_id as owner_name,
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
        owner_name,
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
        owner_name,
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
        {{ surrogate_key(['newest.crm_source', 'newest.crm_account_id']) }} as account_key,
        newest.crm_source,
        newest.crm_account_id,
        newest.account_name,
        newest.domain,
        newest.industry,
        newest.country,
        coalesce(owners.owner_name, newest.owner_name) as owner_name,
        newest.employee_count,
        newest.annual_revenue,
        newest.created_at,
        newest.source_updated_at,
        newest.source_timezone,
        newest.is_deleted_at_source,
        newest.missing_since_at,
        newest.file_id,
        newest.row_number,
        newest.ingested_at
    from newest
    left join owners on newest.crm_source = owners.crm_source and newest.owner_name = owners.owner_id
)

select * from final
