with campaign_reports as (
    select * from {{ source('current_mailchimp', 'campaign_reports') }}
),

final as (
    select
        trim(unique_id) as campaign_id,
        {{ clean_text('campaign_title') }} as campaign_name,
        {{ clean_text('subject') }} as subject,
        {{ parse_integer('total_recipients') }} as sent_count,
        {{ parse_integer('successful_deliveries') }} as delivered_count,
        coalesce(
            {{ parse_integer('total_bounces') }},
            {{ parse_integer('soft_bounces') }} + {{ parse_integer('hard_bounces') }}
        ) as bounced_count,
        {{ parse_integer('total_opens') }} as open_count,
        {{ parse_integer('unique_opens') }} as unique_open_count,
        {{ parse_integer('total_clicks') }} as click_count,
        {{ parse_integer('unique_clicks') }} as unique_click_count,
        {{ parse_integer('unsubscribes') }} as unsubscribed_count,
        {{ parse_integer('abuse_complaints') }} as complaint_count,
        {{ named_month_time('send_date', var('source_time_zones').mailchimp) }} as sent_at,
        '{{ var("source_time_zones").mailchimp }}' as source_timezone,
        {{ parse_number('open_rate', 4) }} as open_rate_pct,
        {{ parse_number('click_rate', 4) }} as click_rate_pct,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaign_reports
)

select * from final
