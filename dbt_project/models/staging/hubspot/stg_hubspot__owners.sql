with owners as (
    select * from {{ source('raw_hubspot', 'owners') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    qualify {{ is_current(['owner_id'], 'row') }}
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
