-- Numbers of campaigns, newsletters and broadcasts are each counted from 1: a word tells them apart.
with events as (
    select * from {{ source('current_customerio', 'events') }}
),

final as (
    select
        trim(event_id) as event_id,
        {{ json_text('data', '$.delivery_id') }} as message_id,
        coalesce(
            {{ json_text('data', '$.identifiers.cio_id') }}, {{ json_text('data', '$.customer_id') }}
        ) as member_id,
        lower(coalesce(
            {{ json_text('data', '$.recipient') }}, {{ json_text('data', '$.identifiers.email') }}
        )) as email,
        case
            when lower(trim(object_type)) = 'email' then lower(trim(metric))
            else concat(lower(trim(object_type)), ' ', lower(trim(metric)))
        end as source_event,
        coalesce(
            {{ json_text('data', '$.campaign_id') }},
            'newsletter ' || {{ json_text('data', '$.newsletter_id') }},
            'broadcast ' || {{ json_text('data', '$.broadcast_id') }}
        ) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        cast(null as {{ dbt.type_string() }}) as bounce_type,
        {{ json_text('data', '$.href') }} as url,
        {{ parse_boolean(json_text('data', '$.prefetched')) }} as is_by_machine,
        {{ unix_time('timestamp') }} as event_at,
        'UTC' as source_timezone,
        {{ json_text('data', '$.subject') }} as subject,
        {{ json_text('data', '$.link_id') }} as link_id,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events
)

select * from final
