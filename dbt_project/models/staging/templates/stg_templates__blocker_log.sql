with blocker_log as (
    select * from {{ source('current_templates', 'blocker_log') }}
),

final as (
    select
        {{ clean_answer('blocker_id') }} as blocker_id,
        {{ clean_answer('title') }} as title,
        lower({{ clean_answer('blocker_category') }}) as blocker_category,
        lower({{ clean_answer('workflow_step') }}) as workflow_step,
        lower({{ clean_answer('severity') }}) as severity,
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        {{ clean_answer('work_item') }} as work_item,
        {{ clean_answer('owner') }} as owner_name,
        {{ clean_answer('duplicate_of') }} as duplicate_of,
        {{ parse_day('due_date', '_date_order') }} as due_date,
        {{ parse_time('opened_at', '_date_order') }} as opened_at,
        {{ parse_time('resolved_at', '_date_order') }} as resolved_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from blocker_log
)

select * from final
