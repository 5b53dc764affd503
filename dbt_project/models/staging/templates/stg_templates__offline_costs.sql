with offline_costs as (
    select * from {{ source('current_templates', 'offline_costs') }}
),

final as (
    select
        {{ clean_answer('cost_id') }} as cost_id,
        {{ clean_answer('channel') }} as channel,
        lower({{ clean_answer('cost_type') }}) as cost_type,
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        {{ clean_answer('supplier') }} as supplier,
        {{ parse_money('amount', decimal_mark='_decimal_mark') }} as amount,
        coalesce({{ parse_currency('currency') }}, {{ currency_of('amount') }}) as currency,
        {{ parse_day('period_start', '_date_order') }} as period_start_date,
        {{ parse_day('period_end', '_date_order') }} as period_end_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from offline_costs
)

select * from final
