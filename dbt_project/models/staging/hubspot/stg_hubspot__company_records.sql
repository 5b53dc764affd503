with company_records as (
    select * from {{ source('current_hubspot', 'company_records') }}
),

final as (
    select
        trim(record_id) as crm_account_id,
        {{ clean_text('company_name') }} as account_name,
        lower({{ clean_text('domain') }}) as domain,
        {{ clean_text('industry') }} as industry,
        {{ clean_text('country') }} as country,
        {{ clean_text('lifecycle_stage') }} as lifecycle_stage,
        {{ clean_text('company_owner') }} as owner_id,
        {{ parse_integer('number_of_employees') }} as employee_count,
        {{ parse_money('annual_revenue') }} as annual_revenue,
        {{ utc_time('create_date') }} as created_at,
        {{ utc_time('last_modified_date') }} as source_updated_at,
        'UTC' as source_timezone,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from company_records
)

select * from final
