with campaigns_csv as (
    select * from {{ source('current_klaviyo', 'campaigns_csv') }}
),

final as (
    select
        trim(id) as campaign_id,
        {{ clean_text('name') }} as campaign_name,
        {{ clean_text('subject') }} as subject,
        {{ clean_text('status') }} as campaign_status,
        {{ utc_time('sent_at') }} as sent_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaigns_csv
)

select * from final
