with events as (
    select * from {{ source('current_salesforce', 'events') }}
),

final as (
    select
        {{ salesforce_id('id') }} as crm_activity_id,
        {{ salesforce_id('who_id') }} as crm_person_id,
        {{ salesforce_id('what_id') }} as about_id,
        {{ salesforce_id('account_id') }} as crm_account_id,
        {{ salesforce_id('owner_id') }} as owner_id,
        coalesce(lower({{ clean_text('type') }}), 'meeting') as activity_type,
        {{ parse_integer('duration_in_minutes') }} as duration_minutes,
        {{ parse_day('activity_date', "'mdy'") }} as event_date,
        {{ utc_time('activity_date_time') }} as starts_at,
        {{ utc_time('created_date') }} as created_at,
        {{ utc_time('last_modified_date') }} as source_updated_at,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        'UTC' as source_timezone,
        _missing_since_at as missing_since_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from events
)

select * from final
