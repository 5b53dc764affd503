with response_points as (
    select * from {{ ref('stg_solved__response_points') }}
),

final as (
    select
        channel,
        point_no,
        spend_reporting,
        leads,
        leads_low,
        leads_high
    from response_points
)

select * from final
