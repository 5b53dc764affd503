with email_clicks as (
    select * from {{ source('current_hubspot', 'email_clicks') }}
),

final as (
    select
        trim(id) as event_id,
        {{ clean_text('url') }} as url,
        {{ clean_text('user_agent') }} as user_agent,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from email_clicks
)

select * from final
