with accuracy_audit as (
    select * from {{ source('current_templates', 'accuracy_audit') }}
),

final as (
    select
        {{ clean_answer('sample_id') }} as sample_id,
        lower({{ clean_answer('field') }}) as field_name,
        {{ clean_answer('warehouse_value') }} as warehouse_value,
        {{ clean_answer('truth_value') }} as truth_value,
        lower({{ clean_answer('source') }}) as source_name,
        {{ clean_answer('auditor') }} as auditor_name,
        {{ parse_day('audited_on', '_date_order') }} as audited_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from accuracy_audit
)

select * from final
