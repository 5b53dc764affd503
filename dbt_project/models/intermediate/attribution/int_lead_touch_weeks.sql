-- In which week a lead and its touches were. What the model gives to which of them it says later.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
    where conversion_type = 'lead'
),

touches as (
    select * from {{ ref('int_touches_eligible') }}
),

combined as (
    select
        conversion_id,
        cast(null as {{ dbt.type_string() }}) as touch_id,
        cast(null as timestamp) as touched_at,
        converted_at
    from conversions
    union all
    select
        conversions.conversion_id,
        touches.touch_id,
        touches.touched_at,
        conversions.converted_at
    from conversions
    inner join touches on conversions.conversion_no = touches.conversion_no
),

final as (
    select
        conversion_id,
        touch_id,
        cast(date_trunc('week', {{ reporting_day('touched_at') }}) as date) as touched_week,
        cast(date_trunc('week', {{ reporting_day('converted_at') }}) as date) as converted_week
    from combined
)

select * from final
