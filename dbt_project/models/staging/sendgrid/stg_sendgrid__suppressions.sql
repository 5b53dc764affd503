-- A block is for now: it is no state of the address.
with suppressions as (
    select * from {{ source('current_sendgrid', 'suppressions') }}
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as member_id,
        lower({{ clean_text('email') }}) as email,
        cast(null as {{ dbt.type_string() }}) as list_id,
        case lower(suppression_list)
            when 'bounces' then 'cleaned'
            when 'invalid_emails' then 'cleaned'
            when 'spam_reports' then 'unsubscribed'
            when 'global_suppressions' then 'unsubscribed'
        end as subscription_status,
        {{ unix_time('created') }} as status_at,
        'UTC' as source_timezone,
        lower(suppression_list) as suppression_list,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from suppressions
)

select * from final
