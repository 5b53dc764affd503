with tool_evaluations as (
    select * from {{ source('current_templates', 'tool_evaluations') }}
),

final as (
    select
        {{ clean_answer('tool') }} as tool,
        {{ parse_integer('problem_score', '_decimal_mark') }} as problem_score,
        {{ parse_integer('integration_score', '_decimal_mark') }} as integration_score,
        {{ parse_integer('cost_score', '_decimal_mark') }} as cost_score,
        {{ parse_integer('time_to_value_score', '_decimal_mark') }} as time_to_value_score,
        {{ parse_integer('support_score', '_decimal_mark') }} as support_score,
        {{ parse_boolean('has_crm_integration') }} as has_crm_integration,
        {{ clean_answer('evidence') }} as evidence,
        {{ parse_day('evaluated_on', '_date_order') }} as evaluated_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from tool_evaluations
)

select * from final
