with reports as (
    select * from {{ source('current_mailchimp', 'reports') }}
),

final as (
    select
        trim(id) as campaign_id,
        {{ clean_text('campaign_title') }} as campaign_name,
        {{ clean_text('subject_line') }} as subject,
        {{ parse_integer('emails_sent') }} as sent_count,
        {{ parse_integer('emails_sent') }}
        - {{ parse_integer(json_text('bounces', '$.hard_bounces')) }}
        - {{ parse_integer(json_text('bounces', '$.soft_bounces')) }} as delivered_count,
        {{ parse_integer(json_text('bounces', '$.hard_bounces')) }}
        + {{ parse_integer(json_text('bounces', '$.soft_bounces')) }} as bounced_count,
        {{ parse_integer(json_text('opens', '$.opens_total')) }} as open_count,
        {{ parse_integer(json_text('opens', '$.unique_opens')) }} as unique_open_count,
        {{ parse_integer(json_text('clicks', '$.clicks_total')) }} as click_count,
        {{ parse_integer(json_text('clicks', '$.unique_subscriber_clicks')) }} as unique_click_count,
        {{ parse_integer('unsubscribed') }} as unsubscribed_count,
        {{ parse_integer('abuse_reports') }} as complaint_count,
        {{ utc_time('send_time') }} as sent_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from reports
)

select * from final
