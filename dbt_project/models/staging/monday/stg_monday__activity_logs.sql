with activity_logs as (
    select * from {{ source('current_monday', 'activity_logs') }}
),

final as (
    select
        trim(id) as event_id,
        coalesce({{ clean_text('pulse_id') }}, {{ json_text('data', '$.pulse_id') }}) as item_id,
        {{ clean_text('event') }} as event_type,
        {{ json_text('data', '$.column_id') }} as column_id,
        {{ clean_text(json_text('data', '$.column_title')) }} as column_title,
        -- A status is a label, a date has a date and perhaps a time.
        {{ clean_text(json_text('data', '$.previous_value.label.text')) }} as old_label,
        {{ clean_text(json_text('data', '$.value.label.text')) }} as new_label,
        {{ json_text('data', '$.previous_value.personsAndTeams') }} as old_people,
        {{ json_text('data', '$.value.personsAndTeams') }} as new_people,
        {{ clean_text(json_text('data', '$.source_group.title')) }} as old_group,
        {{ clean_text(json_text('data', '$.dest_group.title')) }} as new_group,
        {{ parse_day(json_text('data', '$.previous_value.date')) }} as old_due_on,
        {{ parse_day(json_text('data', '$.value.date')) }} as new_due_on,
        -- Ten millionths of a second, of which the last digit is lost.
        {{ monday_time('created_at') }} as changed_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from activity_logs
)

select * from final
