with persons as (
    select * from {{ source('current_pipedrive', 'persons') }}
),

final as (
    select
        {{ clean_text('person_id') }} as crm_contact_id,
        {{ surrogate_key(['name', 'email_work']) }} as name_key,
        {{ clean_text('name') }} as contact_name,
        {{ clean_text('organization') }} as account_name,
        lower(trim(split_part(coalesce(
            {{ clean_text('email_work') }},
            {{ clean_text('email_home') }},
            {{ clean_text('email_other') }}
        ), ',', 1))) as email,
        concat_ws(';', email_work, email_home, email_other) as further_emails,
        concat_ws(';', _earlier_email_work, _earlier_email_home, _earlier_email_other) as earlier_emails,
        {{ clean_text('owner') }} as owner_name,
        lower({{ clean_text('marketing_status') }}) as marketing_status,
        {{ local_time('person_created', var('source_time_zones').pipedrive) }} as created_at,
        {{ local_time('update_time', var('source_time_zones').pipedrive) }} as source_updated_at,
        '{{ var("source_time_zones").pipedrive }}' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from persons
)

select * from final
