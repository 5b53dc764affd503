with key_results as (
    select * from {{ source('current_templates', 'key_results') }}
),

final as (
    select
        {{ clean_answer('kr_id') }} as key_result_id,
        {{ parse_integer('version', '_decimal_mark') }} as version,
        {{ clean_answer('objective_id') }} as objective_id,
        {{ clean_answer('objective') }} as objective,
        lower({{ clean_answer('kr_type') }}) as key_result_type,
        lower({{ clean_answer('metric_name') }}) as metric_name,
        lower({{ clean_answer('direction') }}) as direction,
        {{ parse_number('baseline', decimal_mark='_decimal_mark') }} as baseline,
        {{ parse_number('target', decimal_mark='_decimal_mark') }} as target,
        lower({{ clean_answer('unit') }}) as value_unit,
        {{ clean_answer('owner') }} as owner_name,
        {{ parse_day('start_date', '_date_order') }} as start_date,
        {{ parse_day('end_date', '_date_order') }} as end_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from key_results
)

select * from final
