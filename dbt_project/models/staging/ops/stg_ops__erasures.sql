with erasures as (
    select * from {{ source('ops', 'erasures') }}
),

final as (
    select
        subject as erasure_id,
        request_id,
        status,
        residue_count,
        begun_at
    from erasures
)

select * from final
