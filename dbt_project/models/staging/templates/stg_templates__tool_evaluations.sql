with tool_evaluations as (
    select * from {{ source('current_templates', 'tool_evaluations') }}
),

final as (
    select
        {{ clean_answer('tool') }} as tool,
        cast({{ parse_number('problem_score', scale=0, decimal_mark='_decimal_mark') }} as bigint) as problem_score,
        cast(
            {{ parse_number('integration_score', scale=0, decimal_mark='_decimal_mark') }} as bigint
        ) as integration_score,
        cast({{ parse_number('cost_score', scale=0, decimal_mark='_decimal_mark') }} as bigint) as cost_score,
        cast(
            {{ parse_number('time_to_value_score', scale=0, decimal_mark='_decimal_mark') }} as bigint
        ) as time_to_value_score,
        cast({{ parse_number('support_score', scale=0, decimal_mark='_decimal_mark') }} as bigint) as support_score,
        {{ parse_boolean('has_crm_integration') }} as has_crm_integration,
        {{ clean_answer('evidence') }} as evidence,
        {{ parse_day('evaluated_on', '_date_order') }} as evaluated_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from tool_evaluations
)

select * from final
