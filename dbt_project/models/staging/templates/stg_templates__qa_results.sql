with qa_results as (
    select * from {{ source('current_templates', 'qa_results') }}
),

final as (
    select
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        lower({{ clean_answer('qa_check') }}) as qa_check,
        lower({{ clean_answer('result') }}) as result,
        {{ clean_answer('checked_by') }} as checked_by_name,
        {{ clean_answer('evidence_url') }} as evidence_url,
        {{ clean_answer('notes') }} as notes,
        {{ parse_time('checked_at', '_date_order') }} as checked_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from qa_results
)

select * from final
