-- A category is one text, or a list; without a campaign the first of them names the mail.
with events as (
    select * from {{ source('current_sendgrid', 'events') }}
),

final as (
    select
        trim(sg_event_id) as event_id,
        nullif(regexp_extract(sg_message_id, '^[^.]+', 0), '') as message_id,
        cast(null as {{ dbt.type_string() }}) as member_id,
        lower({{ clean_text('email') }}) as email,
        lower({{ clean_text('event') }}) as source_event,
        coalesce(
            {{ clean_text('singlesend_id') }},
            {{ clean_text('marketing_campaign_id') }},
            {{ clean_text('mc_auto_id') }},
            {{ json_text('category', '$[0]') }},
            {{ clean_text('category') }}
        ) as campaign_id,
        coalesce(
            {{ clean_text('singlesend_name') }},
            {{ clean_text('marketing_campaign_name') }},
            {{ clean_text('mc_auto_name') }},
            {{ json_text('category', '$[0]') }},
            {{ clean_text('category') }}
        ) as campaign_name,
        case
            when lower(trim(event)) <> 'bounce' then null
            when lower(trim(type)) = 'blocked' then 'soft'
            else 'hard'
        end as bounce_type,
        {{ clean_text('url') }} as url,
        {{ parse_boolean('sg_machine_open') }} as is_by_machine,
        {{ clean_text('useragent') }} as user_agent,
        {{ unix_time('timestamp') }} as event_at,
        'UTC' as source_timezone,
        nullif(translate(category, '[]"', ''), '') as categories,
        _extra as custom_arguments,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events
)

select * from final
