-- What a member is since when is not told: the opt-in for those who are subscribed, the last change
-- for the others, which can only be later.
with list_members as (
    select * from {{ source('current_mailchimp', 'list_members') }}
),

final as (
    select
        trim(id) as member_id,
        lower({{ clean_text('email_address') }}) as email,
        {{ clean_text('unique_email_id') }} as unique_email_id,
        {{ clean_text('list_id') }} as list_id,
        lower({{ clean_text('status') }}) as subscription_status,
        case
            when lower(trim(status)) = 'subscribed'
                then coalesce({{ utc_time('timestamp_opt') }}, {{ utc_time('last_changed') }})
            else {{ utc_time('last_changed') }}
        end as status_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from list_members
)

select * from final
