with stages as (
    select * from {{ source('current_pipedrive', 'stages_api') }}
),

final as (
    select
        trim(id) as deal_stage_id,
        {{ clean_text('pipeline_id') }} as pipeline_id,
        {{ clean_text('name') }} as stage_name,
        {{ clean_text('pipeline_name') }} as pipeline,
        {{ parse_integer('order_nr') }} as stage_order,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from stages
)

select * from final
