with deal_pipeline_stages as (
    select * from {{ source('current_hubspot', 'deal_pipeline_stages') }}
),

final as (
    select
        trim(stage_id) as deal_stage_id,
        trim(pipeline_id) as pipeline_id,
        {{ clean_text('label') }} as stage_name,
        {{ parse_integer('display_order') }} as stage_order,
        {{ parse_number('probability', 4) }} as win_probability,
        -- What the connector once called closed_won says closed, too, of deals that were lost as well.
        coalesce({{ parse_boolean('is_closed') }}, {{ parse_boolean('closed_won') }}) as is_closed,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from deal_pipeline_stages
)

select * from final
