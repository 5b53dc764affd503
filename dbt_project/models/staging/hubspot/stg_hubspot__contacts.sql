with contacts as (
    select * from {{ source('current_hubspot', 'contacts') }}
),

final as (
    select
        trim(record_id) as crm_contact_id,
        {{ clean_text('associated_company_ids') }} as associated_company_ids,
        -- A merge is for good, also where a later export lacks the column.
        {{ clean_text('_earlier_merged_record_ids') }} as merged_contact_ids,
        lower({{ clean_text('email') }}) as email,
        {{ clean_text('additional_email_addresses') }} as further_emails,
        concat_ws(';', _earlier_email, _earlier_additional_email_addresses) as earlier_emails,
        {{ clean_text('company_name') }} as company_name,
        {{ clean_text('job_title') }} as job_title,
        lower(replace(replace(trim(lifecycle_stage), ' ', ''), '_', '')) as lifecycle_stage_key,
        {{ clean_text('lead_status') }} as lead_status,
        {{ clean_text('original_source') }} as original_source,
        {{ clean_text('latest_source') }} as latest_source,
        {{ clean_text('google_ad_click_id') }} as google_click_id,
        {{ clean_text('facebook_click_id') }} as facebook_click_id,
        {{ clean_text('first_conversion') }} as first_conversion,
        {{ clean_text('recent_conversion') }} as recent_conversion,
        {{ hubspot_owner_id('contact_owner') }} as owner_id,
        {{ hubspot_owner_name('contact_owner') }} as owner_name,
        {{ clean_text('country') }} as country,
        {{ parse_boolean('unsubscribed') }} as is_unsubscribed,
        {{ hubspot_time('create_date') }} as created_at,
        {{ hubspot_time('became_a_subscriber_date') }} as became_subscriber_at,
        {{ hubspot_time('became_a_lead_date') }} as became_lead_at,
        {{ hubspot_time('became_a_marketing_qualified_lead_date') }} as became_mql_at,
        {{ hubspot_time('became_a_sales_accepted_lead_date') }} as became_sal_at,
        {{ hubspot_time('became_a_sales_qualified_lead_date') }} as became_sql_at,
        {{ hubspot_time('became_an_opportunity_date') }} as became_opportunity_at,
        {{ hubspot_time('became_a_customer_date') }} as became_customer_at,
        {{ hubspot_time('last_modified_date') }} as source_updated_at,
        -- A connector's times are UTC.
        case when fivetran_synced is null then '{{ var("source_time_zones").hubspot }}' else 'UTC' end
            as source_timezone,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from contacts
)

select * from final
