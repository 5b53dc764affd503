with campaign_members as (
    select * from {{ source('current_salesforce', 'campaign_members') }}
),

final as (
    select
        {{ salesforce_id('id') }} as campaign_member_id,
        {{ salesforce_id('campaign_id') }} as crm_campaign_id,
        {{ salesforce_id('lead_id') }} as crm_lead_id,
        {{ salesforce_id('contact_id') }} as crm_contact_id,
        {{ clean_text('status') }} as status,
        coalesce({{ parse_boolean('has_responded') }}, false) as has_responded,
        {{ parse_day('first_responded_date', "'mdy'") }} as first_responded_date,
        {{ utc_time('created_date') }} as created_at,
        {{ utc_time('last_modified_date') }} as source_updated_at,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        'UTC' as source_timezone,
        _missing_since_at as missing_since_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaign_members
)

select * from final
