with email_status_changes as (
    select * from {{ source('current_hubspot', 'email_status_changes') }}
),

final as (
    select
        trim(id) as event_id,
        upper({{ clean_text('portal_subscription_status') }}) as portal_subscription_status,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from email_status_changes
)

select * from final
