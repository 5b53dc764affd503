with gate_overrides as (
    select * from {{ source('current_templates', 'gate_overrides') }}
),

final as (
    select
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        replace({{ normalised_slug('gate_check') }}, '-', '_') as gate_check,
        {{ clean_answer('approver') }} as approver_name,
        {{ clean_answer('reason') }} as reason,
        {{ parse_day('expires_on', '_date_order') }} as expires_date,
        {{ parse_time('approved_at', '_date_order') }} as approved_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from gate_overrides
)

select * from final
