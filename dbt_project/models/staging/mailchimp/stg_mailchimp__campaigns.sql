-- The API keeps title and subject in its settings, a connector in columns.
with campaigns as (
    select * from {{ source('current_mailchimp', 'campaigns') }}
),

final as (
    select
        trim(id) as campaign_id,
        coalesce({{ clean_text('title') }}, {{ json_text('settings', '$.title') }}) as campaign_name,
        coalesce({{ clean_text('subject_line') }}, {{ json_text('settings', '$.subject_line') }}) as subject,
        {{ clean_text('status') }} as campaign_status,
        {{ utc_time('send_time') }} as sent_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaigns
)

select * from final
