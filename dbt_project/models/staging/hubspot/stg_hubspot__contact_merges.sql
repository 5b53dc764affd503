with contact_merges as (
    select * from {{ source('current_hubspot', 'contact_merges') }}
),

final as (
    select
        trim(vid_to_merge) as merged_id,
        trim(canonical_vid) as survivor_id,
        {{ utc_time('merged_at') }} as merged_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from contact_merges
)

select * from final
