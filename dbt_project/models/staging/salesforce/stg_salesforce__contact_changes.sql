with contact_changes as (
    select * from {{ source('current_salesforce', 'contact_history') }}
),

final as (
    select
        {{ salesforce_id('id') }} as contact_change_id,
        {{ salesforce_id('contact_id') }} as crm_contact_id,
        lower({{ clean_text('field') }}) as field_name,
        {{ clean_text('old_value') }} as old_value,
        {{ clean_text('new_value') }} as new_value,
        {{ utc_time('created_date') }} as created_at,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from contact_changes
)

select * from final
