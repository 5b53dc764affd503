with marketing_audit as (
    select * from {{ source('raw_templates', 'marketing_audit') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    qualify {{ is_current(['area', 'audited_on'], 'row') }}
),

final as (
    select
        lower({{ clean_answer('area') }}) as audit_area,
        cast({{ parse_number('score', scale=0, decimal_mark='_decimal_mark') }} as bigint) as score,
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
