with marketing_audit as (
    select * from {{ source('current_templates', 'marketing_audit') }}
),

final as (
    select
        lower({{ clean_answer('area') }}) as audit_area,
        {{ parse_integer('score', '_decimal_mark') }} as score,
        {{ clean_answer('status') }} as status_text,
        {{ clean_answer('action') }} as action_text,
        {{ clean_answer('evidence') }} as evidence,
        {{ parse_day('audited_on', '_date_order') }} as audited_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from marketing_audit
)

select * from final
