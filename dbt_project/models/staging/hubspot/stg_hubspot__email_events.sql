with email_events as (
    select * from {{ source('current_hubspot', 'email_events') }}
),

final as (
    select
        trim(id) as event_id,
        {{ clean_text('sent_by_id') }} as message_id,
        cast(null as {{ dbt.type_string() }}) as member_id,
        lower({{ clean_text('recipient') }}) as email,
        upper({{ clean_text('type') }}) as source_event,
        {{ clean_text('email_campaign_id') }} as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        cast(null as {{ dbt.type_string() }}) as bounce_type,
        cast(null as {{ dbt.type_string() }}) as url,
        -- What no filter of the account caught can be a program's click all the same.
        case
            when upper(trim(type)) <> 'CLICK' or {{ parse_boolean('filtered_event') }}
                then {{ parse_boolean('filtered_event') }}
        end as is_by_machine,
        {{ utc_time('created') }} as event_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from email_events
)

select * from final
