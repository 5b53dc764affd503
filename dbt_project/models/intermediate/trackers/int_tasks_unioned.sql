-- Tasks of every tracker, with dates without a time at the end of their business day, and their
-- status in the words of status_definitions.
with shaped as (
    select * from {{ ref('int_tasks_shaped') }}
),

changes as (
    select * from {{ ref('int_task_changes_unioned') }}
),

status_definitions as (
    select * from {{ ref('int_statuses_defined') }}
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

inactive_owners as (
    select * from {{ ref('inactive_owners') }}
),

approval_steps as (
    select * from {{ ref('approval_steps') }}
),

ticked as (
    select
        task_id,
        max(changed_at) as ticked_at
    from changes
    -- In Asana a column of a board says nothing: a task is ticked.
    where new_canonical_status = 'completed' and (field = 'status' or tracker <> 'asana')
    group by task_id
),

last_changes as (
    select
        task_id,
        field,
        new_value,
        changed_at
    from changes
    where tracker <> 'asana' and field in ('approval', 'blocked')
    qualify row_number() over (partition by task_id, field order by changed_at desc, change_id desc) = 1
),

told as (
    select
        task_id,
        max(case when field = 'approval' then new_value end) as approval_status,
        max(case when field = 'approval' then changed_at end) as approval_changed_at,
        max(case when field = 'blocked' then new_value end) = 'true' as is_blocked
    from last_changes
    group by task_id
),

defined as (
    select
        shaped.*,
        case
            when outcomes.canonical_status = 'cancelled' then 'cancelled'
            else coalesce(words.canonical_status, categories.canonical_status)
        end as canonical_status,
        case
            -- A word that is not Asana's is no verdict.
            when shaped.tracker = 'asana'
                then case
                    when shaped.approval_status in ('pending', 'approved', 'rejected', 'changes_requested')
                        then shaped.approval_status
                end
            else coalesce(labels.canonical_status, approvals.canonical_status, told.approval_status)
        end as canonical_approval,
        coalesce(shaped.is_tagged_blocked, told.is_blocked, false) as is_marked_blocked,
        -- Asana ticks an approval that is decided; elsewhere it has the status of its verdict for good.
        shaped.tracker <> 'asana'
        and (coalesce(shaped.task_subtype = 'approval', false) or approval_steps.approval_name is not null)
            as is_answered_by_status,
        told.approval_changed_at,
        ticked.ticked_at
    from shaped
    left join ticked on shaped.task_id = ticked.task_id
    left join told on shaped.task_id = told.task_id
    left join approval_steps on lower(trim(shaped.task_name)) = approval_steps.approval_name
    {%- for alias, object, column in [
        ('words', 'task', 'coalesce(shaped.status_name, shaped.section_name)'),
        ('categories', 'task', 'shaped.status_category'),
        ('outcomes', 'task', 'shaped.resolution_name'),
        ('labels', 'approval', 'shaped.approval_status'),
        ('approvals', 'approval', 'coalesce(shaped.status_name, shaped.section_name)')
    ] %}
    left join status_definitions as {{ alias }}
        on
            shaped.tracker = {{ alias }}.source_system
            and {{ alias }}.object = '{{ object }}'
            and lower({{ column }}) = {{ alias }}.source_status
    {%- endfor %}
),

-- A task that was called off is not done.
completed as (
    select
        *,
        coalesce(ticked_at, case when is_answered_by_status then approval_changed_at end) as told_done_at,
        coalesce(
            is_done,
            coalesce(canonical_status <> 'cancelled', true)
            and (
                coalesce(canonical_status = 'completed', false)
                or (is_answered_by_status and coalesce(canonical_approval in ('approved', 'rejected'), false))
                or ((completed_at is not null or completed_on is not null) and canonical_status is null)
            )
        ) as is_completed
    from defined
),

final as (
    select
        completed.task_id,
        completed.tracker,
        completed.task_key,
        completed.parent_task_id,
        {{ masked('completed.parent_task_name') }} as parent_task_name,
        {{ masked('completed.task_name') }} as task_name,
        lower(trim(completed.task_name)) as task_name_key,
        completed.task_subtype,
        completed.canonical_approval as approval_status,
        {{ masked('completed.approval_status') }} as approval_label,
        completed.project_key,
        {{ masked('completed.project_name') }} as project_name,
        {{ masked('completed.section_name') }} as section_name,
        {{ masked(
            "coalesce(completed.status_name, case when completed.tracker = 'trello' then completed.section_name end)"
        ) }} as status_name,
        case
            when completed.is_completed then 'completed'
            -- Archived without being done it waits for nobody, whatever its list or its status says.
            when completed.is_put_away then 'cancelled'
            when completed.canonical_status <> 'completed' then completed.canonical_status
        end as canonical_status,
        case when inactive_owners.owner_name is null then {{ masked('completed.owner_name') }} end as owner_name,
        completed.is_completed,
        completed.is_marked_blocked as is_tagged_blocked,
        {{ masked('completed.blocked_reason') }} as blocked_reason,
        case
            when completed.is_completed is false then null
            when coalesce(completed.completed_at, completed_days.closes_at) is not null then 'task'
            when completed.told_done_at is not null then 'story'
            else 'unknown'
        end as completed_at_source,
        completed.time_grain,
        completed.source_timezone,
        coalesce(completed.due_at, due_days.closes_at) as due_at,
        coalesce(completed.created_at, created_days.closes_at) as created_at,
        -- Done without a time: the change log knows it (V8).
        case
            when completed.is_completed
                then coalesce(completed.completed_at, completed_days.closes_at, completed.told_done_at)
        end as completed_at,
        completed.source_updated_at,
        completed.file_id,
        completed.row_number
    from completed
    left join inactive_owners on lower(completed.owner_name) = inactive_owners.owner_name
    left join business_days as due_days on completed.due_on = due_days.calendar_date
    left join business_days as created_days on completed.created_on = created_days.calendar_date
    left join business_days as completed_days on completed.completed_on = completed_days.calendar_date
)

select * from final
