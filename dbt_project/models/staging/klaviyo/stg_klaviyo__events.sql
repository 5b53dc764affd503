with events as (
    select * from {{ source('current_klaviyo', 'events') }}
),

final as (
    select
        trim(id) as event_id,
        {{ json_text('attributes', '$.event_properties.$event_id') }} as message_id,
        {{ json_text('relationships', '$.profile.data.id') }} as member_id,
        cast(null as {{ dbt.type_string() }}) as email,
        {{ json_text('relationships', '$.metric.data.id') }} as source_event,
        coalesce(
            {{ json_text('attributes', '$.event_properties.$flow') }},
            {{ json_text('attributes', '$.event_properties.$message') }}
        ) as campaign_id,
        {{ json_text('attributes', '$.event_properties.Campaign Name') }} as campaign_name,
        lower({{ json_text('attributes', '$.event_properties.Bounce Type') }}) as bounce_type,
        {{ json_text('attributes', '$.event_properties.URL') }} as url,
        {{ parse_boolean(json_text('attributes', '$.event_properties.Apple Privacy Open')) }} as is_by_machine,
        {{ utc_time('datetime') }} as event_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events
)

select * from final
