with consent_withdrawals as (
    select * from {{ source('current_templates', 'consent_withdrawals') }}
),

final as (
    select
        {{ clean_answer('withdrawal_id') }} as withdrawal_id,
        lower({{ clean_answer('email') }}) as email,
        {{ clean_answer('crm_contact_id') }} as crm_contact_id,
        {{ parse_time('withdrawn_at', '_date_order') }} as withdrawn_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from consent_withdrawals
)

select * from final
