with approvals as (
    select * from {{ source('current_salesforce', 'process_instances') }}
),

final as (
    select
        {{ salesforce_id('id') }} as approval_id,
        {{ salesforce_id('process_definition_id') }} as approval_process_id,
        {{ salesforce_id('target_object_id') }} as target_id,
        lower({{ clean_text('status') }}) as status,
        {{ salesforce_id('submitted_by_id') }} as submitted_by_id,
        {{ salesforce_id('last_actor_id') }} as last_actor_id,
        {{ utc_time('completed_date') }} as completed_at,
        {{ utc_time('created_date') }} as created_at,
        {{ utc_time('last_modified_date') }} as source_updated_at,
        coalesce({{ parse_boolean('is_deleted') }}, false) as is_deleted,
        'UTC' as source_timezone,
        _missing_since_at as missing_since_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from approvals
)

select * from final
