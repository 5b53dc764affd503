with opportunity_contact_roles as (
    select * from {{ source('current_salesforce', 'opportunity_contact_roles') }}
),

final as (
    select
        {{ salesforce_id('id') }} as contact_role_id,
        {{ salesforce_id('opportunity_id') }} as crm_deal_id,
        {{ salesforce_id('contact_id') }} as crm_contact_id,
        {{ clean_text('role') }} as contact_role,
        {{ parse_boolean('is_primary') }} as is_primary,
        {{ utc_time('created_date') }} as created_at,
        {{ utc_time('last_modified_date') }} as source_updated_at,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        'UTC' as source_timezone,
        _missing_since_at as missing_since_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from opportunity_contact_roles
)

select * from final
