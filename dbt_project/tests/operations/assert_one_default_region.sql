-- Dates without a time are read by one region's calendar: none would lose them, two would double them.
{{ config(meta={'dagster': {'ref': {'name': 'int_business_days_opened'}}}) }}
with calendar_regions as (
    select * from {{ ref('calendar_regions') }}
),

final as (
    select sum(case when is_default then 1 else 0 end) as default_count
    from calendar_regions
    having sum(case when is_default then 1 else 0 end) <> 1
)

select * from final
