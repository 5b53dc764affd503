with send_stats as (
    select * from {{ source('current_sendgrid', 'send_stats') }}
),

final as (
    select
        trim(id) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        cast(null as {{ dbt.type_string() }}) as subject,
        {{ parse_integer(json_text('stats', '$.requests')) }} as sent_count,
        {{ parse_integer(json_text('stats', '$.delivered')) }} as delivered_count,
        {{ parse_integer(json_text('stats', '$.bounces')) }} as bounced_count,
        {{ parse_integer(json_text('stats', '$.opens')) }} as open_count,
        {{ parse_integer(json_text('stats', '$.unique_opens')) }} as unique_open_count,
        {{ parse_integer(json_text('stats', '$.clicks')) }} as click_count,
        {{ parse_integer(json_text('stats', '$.unique_clicks')) }} as unique_click_count,
        {{ parse_integer(json_text('stats', '$.unsubscribes')) }} as unsubscribed_count,
        {{ parse_integer(json_text('stats', '$.spam_reports')) }} as complaint_count,
        cast(null as timestamp) as sent_at,
        'UTC' as source_timezone,
        coalesce({{ clean_text('step_id') }}, 'all') = 'all'
        and coalesce({{ clean_text('ab_phase') }}, 'all') = 'all'
        and coalesce({{ clean_text('ab_variation') }}, 'all') = 'all'
        and lower(trim(aggregation)) = 'total' as is_total,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from send_stats
)

select * from final
