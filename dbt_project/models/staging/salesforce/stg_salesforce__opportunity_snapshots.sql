with opportunity_snapshots as (
    select * from {{ source('current_salesforce', 'opportunity_snapshots') }}
),

final as (
    select
        {{ salesforce_id('id') }} as crm_deal_id,
        {{ salesforce_id('account_id') }} as crm_account_id,
        {{ salesforce_id('contact_id') }} as source_contact_id,
        {{ salesforce_id('campaign_id') }} as crm_campaign_id,
        {{ clean_text('name') }} as deal_name,
        {{ clean_text('stage_name') }} as deal_stage,
        {{ clean_text('type') }} as deal_type,
        {{ clean_text('lead_source') }} as original_source,
        {{ salesforce_id('owner_id') }} as owner_id,
        {{ parse_boolean('is_closed') }} as is_closed,
        {{ parse_boolean('is_won') }} as is_won,
        coalesce({{ parse_currency('currency_iso_code') }}, {{ currency_of('amount') }}) as currency,
        {{ parse_money('amount') }} as amount,
        {{ parse_number('probability') }} as probability_pct,
        {{ parse_day('close_date', "'mdy'") }} as close_date,
        {{ utc_time('fivetran_start') }} as valid_from_at,
        {{ utc_time('fivetran_end') }} as valid_to_at,
        coalesce({{ parse_boolean('fivetran_active') }}, false) as is_newest,
        {{ utc_time('created_date') }} as created_at,
        {{ utc_time('last_modified_date') }} as source_updated_at,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from opportunity_snapshots
)

select * from final
