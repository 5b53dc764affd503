with companies as (
    select * from {{ source('current_hubspot', 'companies') }}
),

final as (
    select
        trim(record_id) as crm_account_id,
        {{ clean_text('company_name') }} as account_name,
        lower({{ clean_text('domain') }}) as domain,
        {{ clean_text('industry') }} as industry,
        {{ clean_text('country') }} as country,
        {{ clean_text('lifecycle_stage') }} as lifecycle_stage,
        {{ hubspot_owner_id('company_owner') }} as owner_id,
        {{ hubspot_owner_name('company_owner') }} as owner_name,
        {{ parse_integer('number_of_employees', '_decimal_mark') }} as employee_count,
        {{ parse_money('annual_revenue', 2, '_decimal_mark') }} as annual_revenue,
        {{ hubspot_time('create_date', 'null') }} as created_at,
        {{ hubspot_time('last_modified_date', 'null') }} as source_updated_at,
        '{{ var("source_time_zones").hubspot }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from companies
)

select * from final
