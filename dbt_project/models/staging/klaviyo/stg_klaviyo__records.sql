-- Events name the message of a campaign, not the campaign.
with records as (
    select * from {{ source('current_klaviyo', 'records') }}
),

final as (
    select
        lower(trim(type)) as record_type,
        trim(id) as record_id,
        case lower(trim(type))
            when 'campaign' then coalesce({{ json_text('attributes', '$.message') }}, trim(id))
            when 'flow' then trim(id)
        end as campaign_id,
        {{ json_text('attributes', '$.name') }} as record_name,
        lower({{ json_text('attributes', '$.email') }}) as email,
        {{ json_text('attributes', '$.status') }} as record_status,
        lower({{ json_text('attributes', '$.subscriptions.email.marketing.consent') }}) as consent,
        {{ utc_time(json_text('attributes', '$.subscriptions.email.marketing.timestamp')) }} as consented_at,
        lower(
            {{ json_text('attributes', '$.subscriptions.email.marketing.suppressions[0].reason') }}
        ) as suppression_reason,
        {{ utc_time(json_text(
            'attributes', '$.subscriptions.email.marketing.suppressions[0].timestamp'
        )) }} as suppressed_at,
        {{ utc_time(json_text('attributes', '$.send_time')) }} as sent_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from records
)

select * from final
