-- Of an activity with an e-mail the primary attribute is the e-mail, which is what people call the
-- campaign; campaign_id is the smart campaign that sent it.
with activities as (
    select * from {{ source('current_marketo', 'activities') }}
),

final as (
    select
        trim(marketo_guid) as event_id,
        cast(null as {{ dbt.type_string() }}) as message_id,
        trim(lead_id) as member_id,
        cast(null as {{ dbt.type_string() }}) as email,
        case
            when lower(trim(action_result)) = 'skipped' then trim(activity_type_id) || ' skipped'
            else trim(activity_type_id)
        end as source_event,
        case
            when trim(activity_type_id) in ('6', '7', '8', '9', '10', '11', '27')
                then {{ clean_text('primary_attribute_value_id') }}
        end as campaign_id,
        case
            when trim(activity_type_id) in ('6', '7', '8', '9', '10', '11', '27')
                then {{ clean_text('primary_attribute_value') }}
        end as campaign_name,
        case
            when trim(activity_type_id) = '8' then 'hard'
            when trim(activity_type_id) = '27' then 'soft'
        end as bounce_type,
        coalesce({{ clean_text('link') }}, {{ json_text('attributes', '$.Link') }}) as url,
        {{ parse_boolean(json_text('attributes', '$.Is Bot Activity')) }} as is_by_machine,
        coalesce({{ clean_text('user_agent') }}, {{ json_text('attributes', '$.User Agent') }}) as user_agent,
        {{ utc_time('activity_date') }} as event_at,
        'UTC' as source_timezone,
        {{ clean_text('campaign_id') }} as smart_campaign_id,
        {{ clean_text('primary_attribute_value') }} as subject_name,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from activities
)

select * from final
