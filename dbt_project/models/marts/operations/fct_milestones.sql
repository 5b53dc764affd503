with milestones as (
    select * from {{ ref('int_milestones_judged') }}
),

final as (
    select
        milestone_id,
        campaign_key,
        milestone_key,
        milestone_name,
        seq,
        milestone_kind,
        owner_name,
        baseline_planned_at,
        current_planned_at,
        replan_count,
        actual_at,
        actual_date_source,
        is_done,
        is_on_time,
        is_on_time_replanned,
        milestone_kind = 'commitment' as is_operationally_real,
        baseline_planned_at is not null as has_planned_date,
        is_first_break,
        is_plan_history_known
    from milestones
)

select * from final
