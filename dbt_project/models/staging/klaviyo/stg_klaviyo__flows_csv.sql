with flows_csv as (
    select * from {{ source('current_klaviyo', 'flows_csv') }}
),

final as (
    select
        trim(id) as campaign_id,
        {{ clean_text('name') }} as campaign_name,
        cast(null as {{ dbt.type_string() }}) as subject,
        {{ clean_text('status') }} as campaign_status,
        cast(null as timestamp) as sent_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from flows_csv
)

select * from final
