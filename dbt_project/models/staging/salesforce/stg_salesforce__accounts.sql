with accounts as (
    select * from {{ source('current_salesforce', 'accounts') }}
),

final as (
    select
        {{ salesforce_id('id') }} as crm_account_id,
        {{ salesforce_id('master_record_id') }} as merged_into_id,
        {{ salesforce_id('parent_id') }} as parent_account_id,
        {{ clean_text('name') }} as account_name,
        {{ clean_text('type') }} as account_type,
        {{ web_domain('website') }} as domain,
        {{ clean_text('industry') }} as industry,
        {{ clean_text('billing_country') }} as country,
        {{ salesforce_id('owner_id') }} as owner_id,
        coalesce({{ parse_currency('currency_iso_code') }}, {{ currency_of('annual_revenue') }}) as currency,
        {{ parse_integer('number_of_employees') }} as employee_count,
        {{ parse_money('annual_revenue') }} as annual_revenue,
        {{ utc_time('created_date') }} as created_at,
        {{ utc_time('last_modified_date') }} as source_updated_at,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        'UTC' as source_timezone,
        _missing_since_at as missing_since_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from accounts
)

select * from final
