with tool_inventory as (
    select * from {{ source('current_templates', 'tool_inventory') }}
),

final as (
    select
        {{ clean_answer('tool') }} as tool,
        lower({{ clean_answer('category') }}) as tool_category,
        {{ clean_answer('owner') }} as owner_name,
        {{ parse_boolean('connects_to_crm') }} as is_connected_to_crm,
        {{ parse_boolean('connects_to_warehouse') }} as is_connected_to_warehouse,
        {{ parse_money('cost', decimal_mark='_decimal_mark') }} as annual_cost,
        coalesce({{ parse_currency('cost_currency') }}, {{ currency_of('cost') }}) as cost_currency,
        {{ parse_integer('licensed', '_decimal_mark') }} as licensed_users,
        {{ parse_integer('active_users', '_decimal_mark') }} as active_users,
        {{ parse_day('contract_renewal', '_date_order') }} as contract_renewal_date,
        {{ parse_day('contract_reviewed_on', '_date_order') }} as contract_reviewed_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from tool_inventory
)

select * from final
