with event_attendances as (
    select * from {{ source('current_templates', 'event_attendances') }}
),

final as (
    select
        {{ clean_answer('event_id') }} as event_id,
        lower({{ clean_answer('email') }}) as email,
        {{ clean_answer('event_name') }} as event_name,
        lower({{ clean_answer('event_type') }}) as event_type,
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        lower({{ clean_answer('attendance_status') }}) as attendance_status,
        {{ parse_time('registered_at', '_date_order') }} as registered_at,
        {{ parse_time('joined_at', '_date_order') }} as joined_at,
        {{ parse_time('left_at', '_date_order') }} as left_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from event_attendances
)

select * from final
