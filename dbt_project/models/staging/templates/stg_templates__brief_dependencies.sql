with brief_dependencies as (
    select * from {{ source('current_templates', 'brief_dependencies') }}
),

final as (
    select
        {{ clean_answer('brief_id') }} as brief_id,
        {{ clean_answer('dependency') }} as dependency,
        {{ clean_answer('owner') }} as owner_name,
        {{ parse_day('needed_by', '_date_order') }} as needed_by_date,
        {{ parse_day('done_on', '_date_order') }} as done_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from brief_dependencies
)

select * from final
