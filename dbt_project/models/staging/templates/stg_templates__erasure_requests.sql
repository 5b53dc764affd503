with erasure_requests as (
    select * from {{ source('current_templates', 'erasure_requests') }}
),

final as (
    select
        {{ clean_answer('request_id') }} as request_id,
        lower({{ clean_answer('email') }}) as email,
        {{ clean_answer('crm_contact_id') }} as crm_contact_id,
        {{ clean_answer('legal_basis') }} as legal_basis,
        {{ parse_day('due_date', '_date_order') }} as due_date,
        {{ parse_time('requested_at', '_date_order') }} as requested_at,
        {{ parse_time('completed_at', '_date_order') }} as completed_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from erasure_requests
)

select * from final
