with person_records as (
    select * from {{ source('current_pipedrive', 'persons_api') }}
),

final as (
    select
        trim(id) as crm_contact_id,
        {{ pipedrive_id('org_id') }} as crm_account_id,
        lower(nullif(trim({{ json_text('email', '$[0].value') }}), '')) as email,
        email as further_emails,
        _earlier_email as earlier_emails,
        {{ json_text('owner_id', '$.name') }} as owner_name,
        lower({{ clean_text('marketing_status') }}) as marketing_status,
        {{ utc_time('add_time') }} as created_at,
        {{ utc_time('update_time') }} as source_updated_at,
        'UTC' as source_timezone,
        coalesce({{ parse_boolean('active_flag') }} is false, false) as is_deleted,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from person_records
)

select * from final
