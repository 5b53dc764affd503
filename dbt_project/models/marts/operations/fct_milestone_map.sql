-- From what a company wants to what moves it: objective, campaigns, milestones, and the figure that
-- the objective is judged by. A campaign of two objectives is in both, and counted once (S1-9).
with milestones as (
    select * from {{ ref('int_milestones_judged') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

campaign_goals as (
    select * from {{ ref('int_campaign_goals') }}
),

key_results as (
    select * from {{ ref('int_key_results_versioned') }}
    where is_current_version and objective_id is not null
),

metrics as (
    select * from {{ ref('metric_definitions') }}
),

objectives as (
    select
        objective_id,
        min(objective) as objective
    from key_results
    group by objective_id
),

-- One outcome is right (S1-1); of several the first by id.
outcomes as (
    select
        objective_id,
        key_result_id,
        metric_name,
        cast(count(*) over (partition by objective_id) as bigint) as outcome_count
    from key_results
    where key_result_type = 'outcome'
    qualify row_number() over (partition by objective_id order by key_result_id) = 1
),

breaks as (
    select
        campaign_key,
        seq,
        milestone_name
    from milestones
    where is_first_break
),

-- What comes later in the chain and is not done waits for the first break.
placed as (
    select
        milestones.*,
        coalesce(milestones.is_done is false and milestones.seq > breaks.seq, false) as is_held_up,
        breaks.milestone_name as break_name
    from milestones
    left join breaks on milestones.campaign_key = breaks.campaign_key
),

held_up as (
    select
        campaign_key,
        cast(count(*) as bigint) as held_up_count,
        min({{ reporting_day('current_planned_at') }}) as held_up_from_date,
        max({{ reporting_day('current_planned_at') }}) as held_up_to_date
    from placed
    where is_held_up
    group by campaign_key
),

final as (
    select
        {{ surrogate_key(['placed.milestone_id', 'campaign_goals.goal_id']) }} as milestone_map_id,
        {{ masked('campaign_goals.goal_id') }} as objective_id,
        {{ masked('objectives.objective') }} as objective,
        placed.campaign_key,
        campaigns.campaign_name,
        placed.milestone_id,
        placed.milestone_key,
        {{ masked('placed.milestone_name') }} as milestone_name,
        placed.seq,
        case
            when placed.is_done and placed.is_on_time is false then 'done_late'
            when placed.is_done then 'done'
            when campaigns.cancelled_at <= {{ as_of_at() }} then 'cancelled'
            when placed.baseline_planned_at is null then 'undated'
            when placed.baseline_planned_at < {{ as_of_at() }} then 'overdue'
            else 'planned'
        end as milestone_state,
        placed.milestone_kind = 'commitment' as is_operationally_real,
        {{ masked('placed.owner_name') }} as owner_name,
        placed.evidence_event,
        placed.actual_date_source,
        placed.is_first_break,
        placed.is_held_up,
        case when placed.is_held_up then {{ masked('placed.break_name') }} end as held_up_by,
        coalesce(case when placed.is_first_break then held_up.held_up_count end, cast(0 as bigint)) as held_up_count,
        case when placed.is_first_break then held_up.held_up_from_date end as held_up_from_date,
        case when placed.is_first_break then held_up.held_up_to_date end as held_up_to_date,
        outcomes.key_result_id,
        {{ masked('outcomes.metric_name') }} as metric_name,
        metrics.label as metric_label,
        coalesce(outcomes.outcome_count, cast(0 as bigint)) as outcome_count,
        coalesce(campaign_goals.goal_count, cast(0 as bigint)) as campaign_goal_count,
        coalesce(campaign_goals.goal_no = 1, true) as is_counted_in_totals,
        placed.baseline_planned_at,
        placed.current_planned_at,
        placed.ticked_at,
        placed.actual_at
    from placed
    inner join campaigns on placed.campaign_key = campaigns.campaign_key
    left join campaign_goals on placed.campaign_key = campaign_goals.campaign_key
    left join objectives on campaign_goals.goal_id = objectives.objective_id
    left join outcomes on campaign_goals.goal_id = outcomes.objective_id
    left join metrics on outcomes.metric_name = metrics.metric
    left join held_up on placed.campaign_key = held_up.campaign_key
)

select * from final
