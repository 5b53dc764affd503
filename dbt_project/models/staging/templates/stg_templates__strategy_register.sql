with strategy_register as (
    select * from {{ source('current_templates', 'strategy_register') }}
),

final as (
    select
        {{ clean_answer('hypothesis_id') }} as hypothesis_id,
        {{ parse_integer('version', '_decimal_mark') }} as version,
        {{ clean_answer('statement') }} as statement,
        {{ clean_answer('audience') }} as audience,
        {{ clean_answer('positioning') }} as positioning,
        {{ clean_answer('offer_logic') }} as offer_logic,
        lower({{ clean_answer('channel_role') }}) as channel_role,
        lower({{ clean_answer('success_criteria_metric') }}) as success_criteria_metric,
        {{ parse_number('predicted_effect', decimal_mark='_decimal_mark') }} as predicted_effect,
        lower({{ clean_answer('unit') }}) as effect_unit,
        {{ clean_answer('comparison') }} as comparison,
        {{ clean_answer('decision_rule') }} as decision_rule,
        {{ clean_answer('trade_offs') }} as trade_offs,
        {{ clean_answer('owner') }} as owner_name,
        {{ clean_answer('parent_goal') }} as parent_goal_id,
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        {{ parse_day('valid_from', '_date_order') }} as valid_from_date,
        {{ parse_day('review_by', '_date_order') }} as review_by_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from strategy_register
)

select * from final
