with campaigns as (
    select * from {{ source('current_sendgrid', 'campaigns') }}
),

final as (
    select
        trim(id) as campaign_id,
        {{ clean_text('name') }} as campaign_name,
        cast(null as {{ dbt.type_string() }}) as subject,
        {{ clean_text('status') }} as campaign_status,
        {{ utc_time('send_at') }} as sent_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaigns
)

select * from final
