-- Every CRM's companies in one shape. In a list of Pipedrive without its number column the name stands
-- for the organization.
{%- set string = dbt.type_string() %}

with unioned as (
    {{ unioned(
        [
            {
                'from': ref('stg_hubspot__companies'),
                'as': {'crm_source': "'hubspot'", 'is_deleted_at_source': 'false'},
                'lacks': ['missing_since_at'],
            },
            {
                'from': ref('stg_hubspot__company_records'),
                'as': {'crm_source': "'hubspot'", 'is_deleted_at_source': 'is_deleted'},
                'lacks': ['missing_since_at'],
            },
            {
                'from': ref('stg_salesforce__accounts'),
                'as': {'crm_source': "'salesforce'", 'is_deleted_at_source': 'is_deleted'},
            },
            {
                'from': ref('stg_pipedrive__organizations'),
                'as': {
                    'crm_source': "'pipedrive'",
                    'crm_account_id': 'coalesce(crm_account_id, ' ~ surrogate_key(['account_name']) ~ ')',
                    'is_deleted_at_source': 'false',
                },
                'lacks': ['missing_since_at'],
            },
            {
                'from': ref('stg_pipedrive__organization_records'),
                'as': {'crm_source': "'pipedrive'", 'is_deleted_at_source': 'is_deleted'},
                'lacks': ['missing_since_at'],
            },
        ],
        columns={
            'crm_source': string,
            'crm_account_id': string,
            'account_name': string,
            'domain': string,
            'industry': string,
            'country': string,
            'employee_count': 'bigint',
            'annual_revenue': 'decimal(18, 2)',
            'created_at': 'timestamp',
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
        {{ masked('account_name') }} as account_name,
        {{ masked('domain') }} as domain,
        {{ masked('industry') }} as industry,
        {{ masked('country') }} as country,
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
