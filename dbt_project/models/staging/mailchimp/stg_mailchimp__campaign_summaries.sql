-- Counts are written with their share behind them, as 1 (100.0%).
with campaign_summaries as (
    select * from {{ source('current_mailchimp', 'campaign_summaries') }}
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        {{ clean_text('campaign_title') }} as campaign_name,
        {{ clean_text('subject') }} as subject,
        {{ parse_integer("regexp_extract(total_recipients, '^ *([0-9,]+)( |$)', 1)") }} as sent_count,
        {{ parse_integer("regexp_extract(successful_deliveries, '^ *([0-9,]+)( |$)', 1)") }} as delivered_count,
        {{ parse_integer("regexp_extract(bounces, '^ *([0-9,]+)( |$)', 1)") }} as bounced_count,
        {{ parse_integer("regexp_extract(total_opens, '^ *([0-9,]+)( |$)', 1)") }} as open_count,
        {{ parse_integer("regexp_extract(recipients_who_opened, '^ *([0-9,]+)( |$)', 1)") }} as unique_open_count,
        {{ parse_integer("regexp_extract(total_clicks, '^ *([0-9,]+)( |$)', 1)") }} as click_count,
        {{ parse_integer("regexp_extract(recipients_who_clicked, '^ *([0-9,]+)( |$)', 1)") }} as unique_click_count,
        {{ parse_integer("regexp_extract(total_unsubs, '^ *([0-9,]+)( |$)', 1)") }} as unsubscribed_count,
        {{ parse_integer("regexp_extract(total_abuse_complaints, '^ *([0-9,]+)( |$)', 1)") }} as complaint_count,
        {{ named_month_time('send_date', var('source_time_zones').mailchimp) }} as sent_at,
        '{{ var("source_time_zones").mailchimp }}' as source_timezone,
        links,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaign_summaries
)

select * from final
