with owners as (
    select * from {{ source('current_hubspot', 'owners') }}
),

final as (
    select
        trim(owner_id) as owner_id,
        nullif(trim(concat(coalesce(first_name, ''), ' ', coalesce(last_name, ''))), '') as owner_name,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from owners
)

select * from final
