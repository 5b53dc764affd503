-- A blocker that comes back is the same blocker (S1-22): its periods are added up.
with periods as (
    select * from {{ ref('int_blockers_unioned') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

blocker_categories as (
    select * from {{ ref('blocker_categories') }}
),

measured as (
    select
        *,
        {{ epoch_us('case when is_open then ' ~ as_of_at() ~ ' else resolved_at end') }} - {{ epoch_us('opened_at') }}
            as open_us
    from periods
),

summed as (
    select
        {{ surrogate_key(['task_id', 'blocker_kind', 'blocking_task_id']) }} as blocker_id,
        task_id,
        blocker_kind,
        blocking_task_id,
        coalesce({{ known_max_by('reason', 'opened_at') }}, max(reason)) as reason,
        max(case when is_open then 1 else 0 end) = 1 as is_open,
        cast(count(*) as bigint) as period_count,
        -- A period whose start or end nobody knows, or that ends before it begins, has no length (V2).
        case when min(case when open_us >= 0 then 1 else 0 end) = 1 then sum(open_us) end as open_us,
        max(source_timezone) as source_timezone,
        min(opened_at) as opened_at,
        max(resolved_at) as resolved_at
    from measured
    group by task_id, blocker_kind, blocking_task_id
),

described as (
    select
        summed.*,
        tasks.tracker,
        tasks.task_name,
        tasks_matched.campaign_key,
        blocking.task_name as blocking_task_name,
        coalesce(blocking.owner_name, tasks.owner_name, 'Unassigned') as owner_name,
        coalesce(blocking.due_at, tasks.due_at) as due_at,
        lower(concat_ws(' ', summed.reason, blocking.task_name, tasks.task_name)) as words
    from summed
    inner join tasks on summed.task_id = tasks.task_id
    left join tasks_matched on summed.task_id = tasks_matched.task_id
    left join tasks as blocking on summed.blocking_task_id = blocking.task_id
),

final as (
    select
        described.blocker_id,
        described.tracker,
        described.task_id,
        described.task_name,
        described.campaign_key,
        described.blocker_kind,
        described.blocking_task_id,
        described.blocking_task_name,
        described.reason,
        coalesce(blocker_categories.blocker_category, 'uncategorised') as blocker_category,
        blocker_categories.workflow_step,
        described.owner_name,
        described.due_at,
        described.is_open,
        described.period_count,
        cast(described.open_us as double) / 3600000000 as open_hours,
        described.source_timezone,
        described.opened_at,
        case when described.is_open is false then described.resolved_at end as resolved_at
    from described
    left join blocker_categories on {{ matches('described.words', 'blocker_categories.pattern') }}
    qualify row_number() over (partition by described.blocker_id order by blocker_categories.seq nulls last) = 1
)

select * from final
