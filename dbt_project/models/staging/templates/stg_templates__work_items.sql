with work_items as (
    select * from {{ source('current_templates', 'work_items') }}
),

final as (
    select
        {{ clean_answer('item_id') }} as item_id,
        {{ clean_answer('project') }} as project_name,
        {{ clean_answer('title') }} as item_name,
        lower({{ clean_answer('item_type') }}) as item_type,
        {{ clean_answer('status') }} as status_name,
        {{ clean_answer('owner') }} as owner_name,
        {{ parse_boolean('is_blocked') }} as is_blocked,
        {{ parse_number('duration_days', decimal_mark='_decimal_mark') }} as duration_days,
        {{ parse_day('created_date', '_date_order') }} as created_date,
        {{ parse_day('due_date', '_date_order') }} as due_date,
        {{ parse_day('finished_date', '_date_order') }} as finished_date,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from work_items
)

select * from final
