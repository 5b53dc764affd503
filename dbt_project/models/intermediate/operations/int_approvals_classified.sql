-- Which tasks are approvals, and of what: by the title that approval_steps has, however else it is put ('Spring:
-- legal sign-off', 'Approval of the creative'). The words that come first in a title say it.
with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

approval_steps as (
    select * from {{ ref('approval_steps') }}
),

named_subjects as (
    select
        *,
        {{ plain_words('approval_name') }} as words,
        {{ plain_words("replace(approval_name, 'approval', '')") }} as subject
    from approval_steps
),

patterns as (
    select
        approval_name,
        coalesce(nullif(subject, ''), words) as subject,
        concat(
            '(^| )(', words, '|', coalesce(nullif(subject, ''), words), ' +(approval|review|sign *off)',
            '|(approval|approve|review|sign *off) +((of|by|from|for|the) +)*', coalesce(nullif(subject, ''), words),
            ')( |$)'
        ) as pattern
    from named_subjects
),

-- A title that only looks like an approval's makes no approval of a task: those alone are searched that are one.
searched as (
    select
        task_id,
        task_name_key,
        {{ plain_words('task_name_key') }} as title
    from tasks
    where task_subtype = 'approval' or approval_status is not null
),

-- Titles come again and again: each is compared once.
titles as (
    select distinct title from searched
),

found as (
    select
        titles.title,
        patterns.approval_name,
        position(patterns.subject in titles.title) as place
    from titles
    inner join patterns on {{ matches('titles.title', 'patterns.pattern') }}
),

candidates as (
    select
        tasks.task_id,
        approval_steps.approval_name,
        0 as is_inexact,
        0 as place
    from tasks
    inner join approval_steps on tasks.task_name_key = approval_steps.approval_name
    union all
    select
        searched.task_id,
        found.approval_name,
        1 as is_inexact,
        found.place
    from searched
    inner join found on searched.title = found.title
),

named as (
    select
        candidates.task_id,
        approval_steps.approval_step,
        approval_steps.is_required_for_launch,
        approval_steps.is_creative,
        candidates.is_inexact = 0 as is_by_very_title
    from candidates
    inner join approval_steps on candidates.approval_name = approval_steps.approval_name
    qualify row_number() over (
        partition by candidates.task_id
        order by
            candidates.is_inexact asc,
            candidates.place asc,
            length(candidates.approval_name) desc,
            candidates.approval_name asc
    ) = 1
),

final as (
    select
        tasks.task_id as approval_id,
        tasks_matched.campaign_key,
        tasks.task_name as approval_title,
        coalesce(named.approval_step, 'other') as approval_step,
        coalesce(named.is_required_for_launch, false) as is_required_for_launch,
        coalesce(named.is_creative, false) as is_creative,
        coalesce(tasks.owner_name, 'Unassigned') as owner_name,
        tasks.tracker,
        tasks.is_tagged_blocked,
        -- A tracker without a verdict knows that an approval was completed, not how it was decided.
        coalesce(
            tasks.approval_status, case when tasks.is_completed then 'unknown' else 'pending' end
        ) as approval_status,
        -- A workbook tells no time of making: asked for at the latest when it last changed.
        coalesce(tasks.created_at, tasks.source_updated_at, {{ as_of_at() }}) as created_at,
        tasks.completed_at,
        tasks.source_updated_at
    from tasks
    left join tasks_matched on tasks.task_id = tasks_matched.task_id
    left join named on tasks.task_id = named.task_id
    where
        (
            tasks.task_subtype = 'approval'
            -- Elsewhere an approval is a status of the task, or a field of it.
            or tasks.approval_status is not null
            -- Only Asana's API has a subtype for it: else an approval is known by its very title, too.
            or ((tasks.task_subtype is null or tasks.tracker <> 'asana') and named.is_by_very_title)
        )
        -- Nobody answers what was called off or put away.
        and not (
            coalesce(tasks.canonical_status = 'cancelled', false)
            and coalesce(tasks.approval_status, 'pending') = 'pending'
        )
)

select * from final
