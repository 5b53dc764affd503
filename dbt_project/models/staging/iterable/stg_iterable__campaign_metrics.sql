with campaign_metrics as (
    select * from {{ source('current_iterable', 'campaign_metrics') }}
),

final as (
    select
        trim(id) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        cast(null as {{ dbt.type_string() }}) as subject,
        cast({{ parse_number('sends', 0) }} as bigint) as sent_count,
        cast({{ parse_number('delivered', 0) }} as bigint) as delivered_count,
        cast({{ parse_number('bounced', 0) }} as bigint) as bounced_count,
        cast({{ parse_number('opens', 0) }} as bigint) as open_count,
        cast({{ parse_number('unique_opens', 0) }} as bigint) as unique_open_count,
        cast({{ parse_number('clicked', 0) }} as bigint) as click_count,
        cast({{ parse_number('unique_clicks', 0) }} as bigint) as unique_click_count,
        cast({{ parse_number('unique_unsubscribes', 0) }} as bigint) as unsubscribed_count,
        cast({{ parse_number('complaints', 0) }} as bigint) as complaint_count,
        cast(null as timestamp) as sent_at,
        'UTC' as source_timezone,
        try_cast(date as date) as read_on,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaign_metrics
)

select * from final
