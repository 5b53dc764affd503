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
        approval_step,
        is_required_for_launch,
        is_creative,
        coalesce(nullif(subject, ''), words) as subject,
        concat(
            '(^| )(', words, '|', coalesce(nullif(subject, ''), words), ' +(approval|review|sign *off)',
            '|(approval|approve|review|sign *off) +((of|by|from|for|the) +)*', coalesce(nullif(subject, ''), words),
            ')( |$)'
        ) as pattern
    from named_subjects
),

titled as (
    select
        task_id,
        task_name_key,
        {{ plain_words('task_name_key') }} as title
    from tasks
),

named as (
    select
        titled.task_id,
        patterns.approval_step,
        patterns.is_required_for_launch,
        patterns.is_creative,
        titled.task_name_key = patterns.approval_name as is_by_very_title
    from titled
    inner join patterns
        on titled.task_name_key = patterns.approval_name or {{ matches('titled.title', 'patterns.pattern') }}
    qualify row_number() over (
        partition by titled.task_id
        order by
            case when titled.task_name_key = patterns.approval_name then 0 else 1 end,
            position(patterns.subject in titled.title),
            length(patterns.approval_name) desc,
            patterns.approval_name
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
