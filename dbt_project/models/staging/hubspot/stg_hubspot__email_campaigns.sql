with email_campaigns as (
    select * from {{ source('current_hubspot', 'email_campaigns') }}
),

final as (
    select
        trim(id) as campaign_id,
        {{ clean_text('name') }} as campaign_name,
        {{ clean_text('subject') }} as subject,
        cast(null as {{ dbt.type_string() }}) as campaign_status,
        cast(null as timestamp) as sent_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from email_campaigns
)

select * from final
