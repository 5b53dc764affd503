with campaign_metrics as (
    select * from {{ source('current_iterable', 'campaign_metrics') }}
),

final as (
    select
        trim(id) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        cast(null as {{ dbt.type_string() }}) as subject,
        {{ parse_integer('sends') }} as sent_count,
        {{ parse_integer('delivered') }} as delivered_count,
        {{ parse_integer('bounced') }} as bounced_count,
        {{ parse_integer('opens') }} as open_count,
        {{ parse_integer('unique_opens') }} as unique_open_count,
        {{ parse_integer('clicked') }} as click_count,
        {{ parse_integer('unique_clicks') }} as unique_click_count,
        {{ parse_integer('unique_unsubscribes') }} as unsubscribed_count,
        {{ parse_integer('complaints') }} as complaint_count,
        cast(null as timestamp) as sent_at,
        'UTC' as source_timezone,
        {{ parse_day('date') }} as read_on,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaign_metrics
)

select * from final
