with campaigns as (
    select * from {{ source('current_salesforce', 'campaigns') }}
),

final as (
    select
        {{ salesforce_id('id') }} as crm_campaign_id,
        {{ salesforce_id('parent_id') }} as parent_campaign_id,
        {{ clean_text('name') }} as crm_campaign_name,
        {{ clean_text('type') }} as campaign_type,
        {{ clean_text('status') }} as status,
        {{ parse_day('start_date', "'mdy'") }} as start_date,
        {{ parse_day('end_date', "'mdy'") }} as end_date,
        {{ parse_boolean('is_active') }} as is_active,
        coalesce({{ parse_currency('currency_iso_code') }}, {{ currency_of('budgeted_cost') }}) as currency,
        {{ parse_money('budgeted_cost') }} as budgeted_cost,
        {{ parse_money('actual_cost') }} as actual_cost,
        {{ utc_time('created_date') }} as created_at,
        {{ utc_time('last_modified_date') }} as source_updated_at,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        'UTC' as source_timezone,
        _missing_since_at as missing_since_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaigns
)

select * from final
