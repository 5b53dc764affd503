with deal_stage_changes as (
    select * from {{ source('current_hubspot', 'deal_stage_history') }}
),

final as (
    select
        trim(deal_id) as crm_deal_id,
        {{ clean_text('value') }} as deal_stage_id,
        {{ utc_time('date_entered') }} as entered_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from deal_stage_changes
)

select * from final
