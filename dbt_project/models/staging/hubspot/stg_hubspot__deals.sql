with deals as (
    select * from {{ source('current_hubspot', 'deals') }}
),

final as (
    select
        trim(record_id) as crm_deal_id,
        {{ clean_text('associated_company_ids') }} as associated_company_ids,
        {{ clean_text('associated_contact_ids') }} as associated_contact_ids,
        {{ clean_text('pipeline') }} as pipeline,
        -- HubSpot writes 'Closed Won (Sales Pipeline)' where there are several pipelines.
        lower(trim(regexp_replace(deal_stage, ' *[(].*[)] *$', ''))) as deal_stage_key,
        {{ parse_boolean('is_closed') }} as is_closed,
        {{ parse_boolean('is_won') }} as is_won,
        {{ hubspot_owner_id('deal_owner') }} as owner_id,
        {{ hubspot_owner_name('deal_owner') }} as owner_name,
        {{ clean_text('deal_type') }} as deal_type,
        coalesce({{ parse_currency('currency') }}, {{ currency_of('amount') }}) as currency,
        {{ parse_money('amount', 2, '_decimal_mark') }} as amount,
        {{ hubspot_time('create_date') }} as created_at,
        {{ hubspot_time('close_date') }} as close_at,
        {{ hubspot_time('last_modified_date') }} as source_updated_at,
        -- A connector's times are UTC.
        case when fivetran_synced is null then '{{ var("source_time_zones").hubspot }}' else 'UTC' end
            as source_timezone,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from deals
)

select * from final
