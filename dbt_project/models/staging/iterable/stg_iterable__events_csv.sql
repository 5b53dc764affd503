with events_csv as (
    select * from {{ source('current_iterable', 'events_csv') }}
),

final as (
    select
        trim(fivetran_id) as event_id,
        {{ clean_text('message_id') }} as message_id,
        cast(null as {{ dbt.type_string() }}) as member_id,
        lower({{ clean_text('email') }}) as email,
        {{ clean_text('event_name') }} as source_event,
        {{ clean_text('campaign_id') }} as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        case lower(trim(recipient_state))
            when 'hardbounce' then 'hard'
            when 'softbounce' then 'soft'
        end as bounce_type,
        cast(null as {{ dbt.type_string() }}) as url,
        cast(null as boolean) as is_by_machine,
        {{ clean_text('user_agent') }} as user_agent,
        {{ utc_time('created_at') }} as event_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events_csv
)

select * from final
