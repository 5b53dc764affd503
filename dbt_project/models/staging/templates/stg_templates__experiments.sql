with experiments as (
    select * from {{ source('current_templates', 'experiments') }}
),

final as (
    select
        {{ clean_answer('experiment_id') }} as experiment_id,
        {{ clean_answer('experiment_name') }} as experiment_name,
        {{ clean_answer('channel') }} as channel,
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        lower({{ clean_answer('method') }}) as method,
        lower({{ clean_answer('metric_name') }}) as metric_name,
        {{ parse_number('effect', scale=6, decimal_mark='_decimal_mark') }} as effect,
        {{ parse_number('effect_low', scale=6, decimal_mark='_decimal_mark') }} as effect_low,
        {{ parse_number('effect_high', scale=6, decimal_mark='_decimal_mark') }} as effect_high,
        {{ parse_number('confidence_level', scale=6, decimal_mark='_decimal_mark') }} as confidence_level,
        {{ parse_integer('treated_units', '_decimal_mark') }} as treated_units,
        {{ parse_integer('control_units', '_decimal_mark') }} as control_units,
        {{ parse_number('incremental_conversions', decimal_mark='_decimal_mark') }} as incremental_conversions,
        lower({{ clean_answer('status') }}) as status,
        {{ clean_answer('decision') }} as decision,
        {{ parse_day('start_date', '_date_order') }} as start_date,
        {{ parse_day('end_date', '_date_order') }} as end_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from experiments
)

select * from final
