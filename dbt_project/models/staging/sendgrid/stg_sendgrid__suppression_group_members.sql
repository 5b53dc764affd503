with suppression_group_members as (
    select * from {{ source('current_sendgrid', 'suppression_group_members') }}
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as member_id,
        lower({{ clean_text('email') }}) as email,
        {{ clean_text('group_id') }} as list_id,
        'unsubscribed' as subscription_status,
        {{ unix_time('created_at') }} as status_at,
        'UTC' as source_timezone,
        {{ clean_text('group_name') }} as list_name,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from suppression_group_members
)

select * from final
