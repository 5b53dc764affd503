with streams as (
    select * from {{ source('ops', 'streams') }}
),

final as (
    select
        source,
        stream,
        subject,
        owner,
        latency_hours
    from streams
)

select * from final
