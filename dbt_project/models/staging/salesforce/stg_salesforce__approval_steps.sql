with approval_steps as (
    select * from {{ source('current_salesforce', 'process_instance_steps') }}
),

final as (
    select
        {{ salesforce_id('id') }} as approval_step_id,
        {{ salesforce_id('process_instance_id') }} as approval_id,
        lower({{ clean_text('step_status') }}) as step_status,
        {{ salesforce_id('original_actor_id') }} as original_actor_id,
        {{ salesforce_id('actor_id') }} as actor_id,
        {{ salesforce_id('step_node_id') }} as step_node_id,
        {{ parse_number('elapsed_time_in_days') }} as elapsed_days,
        {{ utc_time('created_date') }} as created_at,
        'UTC' as source_timezone,
        _missing_since_at as missing_since_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from approval_steps
)

select * from final
