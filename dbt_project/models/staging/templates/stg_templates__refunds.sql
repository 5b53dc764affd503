with refunds as (
    select * from {{ source('current_templates', 'refunds') }}
),

final as (
    select
        {{ clean_answer('refund_id') }} as refund_id,
        lower({{ clean_answer('crm_source') }}) as crm_source,
        {{ deal_id_said('crm_deal_id') }} as crm_deal_id,
        -- A refund takes away, whichever sign billing writes it with.
        abs({{ parse_money('amount', decimal_mark='_decimal_mark') }}) as amount,
        coalesce({{ parse_currency('currency') }}, {{ currency_of('amount') }}) as currency,
        {{ clean_answer('reason') }} as reason,
        {{ parse_day('refunded_on', '_date_order') }} as refunded_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from refunds
)

select * from final
