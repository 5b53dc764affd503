-- Pipedrive's persons in the shape of the union, from lists and from the API.
with organizations as (
    select
        account_name,
        min(coalesce(crm_account_id, {{ surrogate_key(['account_name']) }})) as crm_account_id
    from {{ ref('stg_pipedrive__organizations') }}
    group by account_name
    -- Lists link by name: a name that two organizations have names neither.
    having count(*) = 1
),

final as (
    select
        'pipedrive' as crm_source,
        coalesce(persons.crm_contact_id, persons.name_key) as crm_contact_id,
        'contact' as record_type,
        cast(null as {{ dbt.type_string() }}) as merged_into_id,
        cast(null as {{ dbt.type_string() }}) as merged_contact_ids,
        organizations.crm_account_id as associated_company_ids,
        persons.email,
        persons.account_name as company_name,
        cast(null as {{ dbt.type_string() }}) as job_title,
        cast(null as {{ dbt.type_string() }}) as lifecycle_stage_key,
        cast(null as {{ dbt.type_string() }}) as lead_status,
        cast(null as {{ dbt.type_string() }}) as original_source,
        cast(null as {{ dbt.type_string() }}) as latest_source,
        cast(null as {{ dbt.type_string() }}) as google_click_id,
        cast(null as {{ dbt.type_string() }}) as facebook_click_id,
        cast(null as {{ dbt.type_string() }}) as first_conversion,
        cast(null as {{ dbt.type_string() }}) as recent_conversion,
        cast(null as {{ dbt.type_string() }}) as owner_id,
        persons.owner_name,
        cast(null as {{ dbt.type_string() }}) as country,
        persons.marketing_status = 'unsubscribed' as is_unsubscribed,
        persons.created_at,
        cast(null as timestamp) as became_subscriber_at,
        cast(null as timestamp) as became_lead_at,
        cast(null as timestamp) as became_mql_at,
        cast(null as timestamp) as became_sal_at,
        cast(null as timestamp) as became_sql_at,
        cast(null as timestamp) as became_opportunity_at,
        cast(null as timestamp) as became_customer_at,
        persons.source_updated_at,
        persons.source_timezone,
        false as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        persons.file_id,
        persons.row_number,
        persons.ingested_at
    from {{ ref('stg_pipedrive__persons') }} as persons
    left join organizations on persons.account_name = organizations.account_name
    union all
    select
        'pipedrive' as crm_source,
        crm_contact_id,
        'contact' as record_type,
        cast(null as {{ dbt.type_string() }}) as merged_into_id,
        cast(null as {{ dbt.type_string() }}) as merged_contact_ids,
        crm_account_id as associated_company_ids,
        email,
        cast(null as {{ dbt.type_string() }}) as company_name,
        cast(null as {{ dbt.type_string() }}) as job_title,
        cast(null as {{ dbt.type_string() }}) as lifecycle_stage_key,
        cast(null as {{ dbt.type_string() }}) as lead_status,
        cast(null as {{ dbt.type_string() }}) as original_source,
        cast(null as {{ dbt.type_string() }}) as latest_source,
        cast(null as {{ dbt.type_string() }}) as google_click_id,
        cast(null as {{ dbt.type_string() }}) as facebook_click_id,
        cast(null as {{ dbt.type_string() }}) as first_conversion,
        cast(null as {{ dbt.type_string() }}) as recent_conversion,
        cast(null as {{ dbt.type_string() }}) as owner_id,
        owner_name,
        cast(null as {{ dbt.type_string() }}) as country,
        marketing_status = 'unsubscribed' as is_unsubscribed,
        created_at,
        cast(null as timestamp) as became_subscriber_at,
        cast(null as timestamp) as became_lead_at,
        cast(null as timestamp) as became_mql_at,
        cast(null as timestamp) as became_sal_at,
        cast(null as timestamp) as became_sql_at,
        cast(null as timestamp) as became_opportunity_at,
        cast(null as timestamp) as became_customer_at,
        source_updated_at,
        source_timezone,
        is_deleted as is_deleted_at_source,
        cast(null as timestamp) as missing_since_at,
        file_id,
        row_number,
        ingested_at
    from {{ ref('stg_pipedrive__person_records') }}
)

select * from final
