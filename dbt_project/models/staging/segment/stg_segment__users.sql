with users as (
    select * from {{ source('current_segment', 'users') }}
),

final as (
    select
        lower(trim(id)) as user_id,
        lower({{ clean_text('email') }}) as email,
        _earlier_email as earlier_emails,
        {{ utc_time('received_at') }} as received_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from users
)

select * from final
