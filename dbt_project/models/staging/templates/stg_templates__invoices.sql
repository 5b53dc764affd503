with invoices as (
    select * from {{ source('current_templates', 'invoices') }}
),

final as (
    select
        {{ clean_answer('invoice_id') }} as invoice_id,
        lower({{ clean_answer('crm_source') }}) as crm_source,
        {{ deal_id_said('crm_deal_id') }} as crm_deal_id,
        {{ parse_money('amount', decimal_mark='_decimal_mark') }} as amount,
        coalesce({{ parse_currency('currency') }}, {{ currency_of('amount') }}) as currency,
        {{ parse_day('billed_on', '_date_order') }} as billed_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from invoices
)

select * from final
