with hygiene_runs as (
    select * from {{ source('current_templates', 'hygiene_runs') }}
),

final as (
    select
        lower({{ clean_answer('hygiene_task') }}) as hygiene_task,
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        {{ clean_answer('done_by') }} as done_by_name,
        {{ clean_answer('notes') }} as notes,
        {{ parse_integer('records_changed', '_decimal_mark') }} as changed_record_count,
        {{ parse_time('done_at', '_date_order') }} as done_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from hygiene_runs
)

select * from final
