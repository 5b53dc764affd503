with opportunity_reports as (
    select * from {{ source('current_salesforce', 'opportunity_report') }}
),

final as (
    select
        {{ clean_text('opportunity_id') }} as crm_deal_id,
        {{ clean_text('opportunity_name') }} as deal_name,
        {{ clean_text('account_name') }} as account_name,
        {{ clean_text('opportunity_owner') }} as owner_name,
        {{ clean_text('stage') }} as deal_stage,
        {{ parse_boolean('is_closed') }} as is_closed,
        {{ parse_boolean('is_won') }} as is_won,
        {{ clean_text('type') }} as deal_type,
        {{ clean_text('lead_source') }} as original_source,
        coalesce({{ parse_currency('amount_currency') }}, {{ currency_of('amount') }}) as currency,
        {{ parse_money('amount', 2, '_decimal_mark') }} as amount,
        {{ parse_day('close_date', '_date_order') }} as close_date,
        {{ parse_day('created_date', '_date_order') }} as created_date,
        _date_order as date_order,
        _decimal_mark as decimal_mark,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from opportunity_reports
)

select * from final
