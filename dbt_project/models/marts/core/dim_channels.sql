with channels as (
    select * from {{ ref('channels') }}
),

final as (
    select
        channel,
        channel_group,
        is_paid,
        is_marketing,
        cast(sort_order as bigint) as sort_order
    from channels
)

select * from final
