with launches as (
    select * from {{ ref('int_launches_judged') }}
),

final as (
    select
        campaign_key,
        campaign_name,
        campaign_family,
        baseline_planned_at,
        current_planned_at,
        replan_count,
        claimed_live_at,
        evidenced_live_at,
        live_evidence,
        slip_days,
        is_delayed_over_threshold,
        is_on_time,
        is_cancelled,
        is_unapproved,
        blocked_approval_count,
        is_blocked_over_threshold,
        is_brief_ready,
        launch_state,
        slip_business_days,
        is_ghost,
        is_stealth,
        is_untracked,
        is_unvalidated
    from launches
)

select * from final
