with events_csv as (
    select * from {{ source('current_klaviyo', 'events_csv') }}
),

final as (
    select
        trim(id) as event_id,
        {{ clean_text('event_id') }} as message_id,
        {{ clean_text('person_id') }} as member_id,
        cast(null as {{ dbt.type_string() }}) as email,
        {{ clean_text('type') }} as source_event,
        coalesce({{ clean_text('flow_id') }}, {{ clean_text('campaign_id') }}) as campaign_id,
        {{ clean_text('campaign_name') }} as campaign_name,
        lower({{ clean_text('bounce_type') }}) as bounce_type,
        {{ clean_text('url') }} as url,
        cast(null as boolean) as is_by_machine,
        {{ utc_time('datetime') }} as event_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events_csv
)

select * from final
