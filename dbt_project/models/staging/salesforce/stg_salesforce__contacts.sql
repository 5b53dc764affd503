with contacts as (
    select * from {{ source('current_salesforce', 'contacts') }}
),

final as (
    select
        {{ salesforce_id('id') }} as crm_contact_id,
        {{ salesforce_id('master_record_id') }} as merged_into_id,
        {{ salesforce_id('account_id') }} as crm_account_id,
        lower({{ clean_text('email') }}) as email,
        _earlier_email as earlier_emails,
        {{ clean_text('title') }} as job_title,
        {{ clean_text('lead_source') }} as original_source,
        {{ clean_text('mailing_country') }} as country,
        {{ salesforce_id('owner_id') }} as owner_id,
        {{ parse_boolean('has_opted_out_of_email') }} as is_unsubscribed,
        {{ utc_time('created_date') }} as created_at,
        {{ utc_time('last_modified_date') }} as source_updated_at,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        'UTC' as source_timezone,
        _missing_since_at as missing_since_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from contacts
)

select * from final
