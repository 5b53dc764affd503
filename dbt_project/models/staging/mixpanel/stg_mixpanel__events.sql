with events as (
    select * from {{ source('current_mixpanel', 'events') }}
),

final as (
    select
        {{ clean_text(json_member('properties', '$insert_id')) }} as event_key,
        coalesce(
            {{ clean_text(json_member('properties', '$device_id')) }},
            regexp_replace({{ clean_text(json_member('properties', 'distinct_id')) }}, '^[$]device:', '')
        ) as device_id,
        cast(null as {{ dbt.type_string() }}) as session_id,
        -- Before a login the distinct id is the device's.
        lower(coalesce(
            {{ clean_text(json_member('properties', '$user_id')) }},
            case
                when
                    {{ json_member('properties', 'distinct_id') }} not like '$device:%'
                    and {{ json_member('properties', 'distinct_id') }}
                    is distinct from {{ json_member('properties', '$device_id') }}
                    then {{ clean_text(json_member('properties', 'distinct_id')) }}
            end
        )) as user_id,
        lower(coalesce(
            {{ clean_text(json_member('properties', '$email')) }},
            {{ clean_text(json_member('properties', 'email')) }}
        )) as email,
        event as event_name,
        {{ clean_text(json_member('properties', '$current_url')) }} as page_location,
        {{ clean_text(json_member('properties', '$referrer')) }} as page_referrer,
        {{ clean_text(json_member('properties', 'utm_source')) }} as utm_source,
        {{ clean_text(json_member('properties', 'utm_medium')) }} as utm_medium,
        {{ clean_text(json_member('properties', 'utm_campaign')) }} as utm_campaign,
        cast(null as {{ dbt.type_string() }}) as click_id_type,
        cast(null as {{ dbt.type_string() }}) as click_id,
        {{ clean_text(json_member('properties', '$user_agent')) }} as user_agent,
        {{ to_utc(unix_time(json_member('properties', 'time')), "'" ~ var('source_time_zones').mixpanel ~ "'") }}
            as event_at,
        {{ unix_time(json_member('properties', 'mp_processing_time_ms')) }} as received_at,
        '{{ var("source_time_zones").mixpanel }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events
)

select * from final
