-- Which kind of work a task of a campaign is, by its title. Milestones and approvals are no work.
with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
    where coalesce(task_subtype, 'default_task') = 'default_task' and approval_status is null
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

milestones as (
    select distinct
        campaign_key,
        lower(milestone_name) as milestone_name_key
    from {{ ref('int_milestones_judged') }}
),

skills as (
    select * from {{ ref('skills') }}
),

worked as (
    select
        tasks.task_id,
        tasks.task_name_key,
        tasks_matched.campaign_key,
        tasks.is_completed,
        tasks.completed_at
    from tasks
    inner join tasks_matched on tasks.task_id = tasks_matched.task_id
    left join milestones
        on tasks_matched.campaign_key = milestones.campaign_key and tasks.task_name_key = milestones.milestone_name_key
    -- What was called off shows nothing, neither done nor to be done.
    where milestones.campaign_key is null and tasks.canonical_status is distinct from 'cancelled'
),

-- Titles come again and again: each is compared once.
titles as (
    select distinct task_name_key from worked
),

named as (
    select
        titles.task_name_key,
        skills.skill_key
    from titles
    inner join skills on {{ matches('titles.task_name_key', 'skills.task_pattern', ref('skills')) }}
    qualify row_number() over (partition by titles.task_name_key order by skills.rule_order) = 1
),

final as (
    select
        worked.task_id,
        worked.campaign_key,
        named.skill_key,
        worked.is_completed and coalesce(worked.completed_at <= {{ as_of_at() }}, true) as is_completed,
        worked.completed_at
    from worked
    inner join named on worked.task_name_key = named.task_name_key
)

select * from final
