with event_types as (
    select * from {{ source('current_amplitude', 'event_types') }}
),

final as (
    select
        id as event_type_id,
        project_name,
        name as event_name,
        {{ clean_text('display') }} as display_name,
        {{ parse_integer('totals') }} as last_week_event_count,
        coalesce({{ parse_boolean('deleted') }}, false)
        or coalesce({{ parse_boolean('fivetran_deleted') }}, false) as is_deleted,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from event_types
)

select * from final
