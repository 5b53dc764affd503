with organizations as (
    select * from {{ source('current_pipedrive', 'organizations') }}
),

final as (
    select
        {{ clean_text('organization_id') }} as crm_account_id,
        trim(name) as account_name,
        {{ web_domain('website') }} as domain,
        {{ clean_text('industry') }} as industry,
        {{ clean_text('country') }} as country,
        {{ clean_text('owner') }} as owner_name,
        {{ parse_integer('employee_count') }} as employee_count,
        {{ parse_money('annual_revenue') }} as annual_revenue,
        {{ local_time('organization_created', var('source_time_zones').pipedrive) }} as created_at,
        {{ local_time('update_time', var('source_time_zones').pipedrive) }} as source_updated_at,
        '{{ var("source_time_zones").pipedrive }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from organizations
)

select * from final
