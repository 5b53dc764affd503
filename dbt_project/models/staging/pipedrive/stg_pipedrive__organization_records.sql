with organization_records as (
    select * from {{ source('current_pipedrive', 'organizations_api') }}
),

final as (
    select
        trim(id) as crm_account_id,
        {{ clean_text('name') }} as account_name,
        {{ web_domain('website') }} as domain,
        {{ clean_text('industry') }} as industry,
        {{ clean_text('address_country') }} as country,
        {{ json_text('owner_id', '$.name') }} as owner_name,
        {{ parse_integer('employee_count') }} as employee_count,
        {{ parse_money('annual_revenue') }} as annual_revenue,
        {{ utc_time('add_time') }} as created_at,
        {{ utc_time('update_time') }} as source_updated_at,
        'UTC' as source_timezone,
        coalesce({{ parse_boolean('active_flag') }} is false, false) as is_deleted,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from organization_records
)

select * from final
