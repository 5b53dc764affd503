with deal_property_changes as (
    select * from {{ source('current_hubspot', 'deal_property_history') }}
),

final as (
    select
        trim(deal_id) as crm_deal_id,
        lower(trim(name)) as property_name,
        {{ clean_text('value') }} as property_value,
        {{ clean_text('source') }} as change_source,
        {{ utc_time('changed_at') }} as changed_at,
        'UTC' as source_timezone,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from deal_property_changes
)

select * from final
