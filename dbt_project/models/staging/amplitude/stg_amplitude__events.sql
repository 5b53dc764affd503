-- initial_utm_* is how the person first came, never how this session did, and is not read.
with events as (
    select * from {{ source('current_amplitude', 'events') }}
),

final as (
    select
        uuid as event_key,
        {{ clean_text('device_id') }} as device_id,
        nullif({{ clean_text('session_id') }}, '-1') as session_id,
        lower({{ clean_text('user_id') }}) as user_id,
        lower({{ clean_text(json_member('user_properties', 'email')) }}) as email,
        event_type as event_name,
        coalesce(
            {{ clean_text(json_member('event_properties', '[Amplitude] Page Location')) }},
            {{ clean_text(json_member('event_properties', '[Amplitude] Page URL')) }},
            {{ clean_text(json_member('event_properties', 'page_location')) }}
        ) as page_location,
        {{ clean_text(json_member('event_properties', 'referrer')) }} as page_referrer,
        nullif({{ clean_text(json_member('user_properties', 'utm_source')) }}, 'EMPTY') as utm_source,
        nullif({{ clean_text(json_member('user_properties', 'utm_medium')) }}, 'EMPTY') as utm_medium,
        nullif({{ clean_text(json_member('user_properties', 'utm_campaign')) }}, 'EMPTY') as utm_campaign,
        cast(null as {{ dbt.type_string() }}) as click_id_type,
        cast(null as {{ dbt.type_string() }}) as click_id,
        cast(null as {{ dbt.type_string() }}) as user_agent,
        {{ utc_time('event_time') }} as event_at,
        {{ utc_time('server_received_time') }} as received_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events
)

select * from final
