with email_status_changes as (
    select * from {{ source('raw_hubspot', 'email_status_changes') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    qualify {{ is_current(['id'], 'row') }}
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
