{{ config(materialized='view') }}
-- A blocker that comes back is the same blocker (S1-22): its periods are added up, an hour of several once.
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

raci_template as (
    select * from {{ ref('raci_template') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

blocker_sprints as (
    select
        blocker_id,
        cast(count(*) as bigint) as sprint_count,
        cast(sum(case when is_open_at_end then 1 else 0 end) as bigint) as unresolved_sprint_count,
        max(case when is_open_at_end and is_last_over then 1 else 0 end) = 1 as is_unresolved_at_sprint_end
    from {{ ref('int_blocker_sprints') }}
    group by blocker_id
),

-- What the log says last of a blocker, its duplicates' words only where it says nothing itself.
logged as (
    select
        *,
        concat('log:', coalesce(duplicate_of, blocker_id)) as task_id
    from {{ ref('stg_templates__blocker_log') }}
    where coalesce(opened_at <= {{ as_of_at() }}, true)
    qualify row_number() over (
        partition by coalesce(duplicate_of, blocker_id)
        order by
            case when duplicate_of is null then 0 else 1 end, opened_at desc nulls last, file_id desc, row_number desc
    ) = 1
),

-- Of campaigns of one slug the one valid when it was opened.
log_campaigns as (
    select
        logged.task_id,
        campaigns.campaign_key
    from logged
    inner join campaigns on logged.utm_campaign = campaigns.utm_campaign
    qualify row_number() over (
        partition by logged.task_id
        order by {{ campaign_distance(reporting_day('logged.opened_at'), 'campaigns') }}, campaigns.campaign_key
    ) = 1
),

ended as (
    select
        *,
        {{ epoch_us('opened_at') }} as opened_us,
        {{ epoch_us('case when is_open then ' ~ as_of_at() ~ ' else resolved_at end') }} as ended_us
    from periods
),

-- Duplicates, and a status beside a list of that meaning, tell of one time: of it counts what none before has told.
measured as (
    select
        *,
        case
            when ended_us >= opened_us
                then
                    greatest(ended_us - greatest(opened_us, coalesce(max(ended_us) over (
                        partition by blocker_id
                        order by opened_us nulls first
                        rows between unbounded preceding and 1 preceding
                    ), opened_us)), 0)
        end as open_us
    from ended
),

summed as (
    select
        blocker_id,
        task_id,
        blocker_kind,
        blocking_task_id,
        coalesce({{ known_max_by('reason', 'opened_at') }}, max(reason)) as reason,
        max(case when is_open then 1 else 0 end) = 1 as is_open,
        cast(count(*) as bigint) as period_count,
        -- A period whose start or end nobody knows, or that ends before it begins, has no length (V2).
        case when count(*) = count(open_us) then sum(open_us) end as open_us,
        max(source_timezone) as source_timezone,
        min(opened_at) as opened_at,
        max(resolved_at) as resolved_at,
        max(tracker) as tracker
    from measured
    group by blocker_id, task_id, blocker_kind, blocking_task_id
),

described as (
    select
        summed.*,
        coalesce(tasks.task_name, {{ masked('logged.title') }}) as task_name,
        coalesce(tasks_matched.campaign_key, log_campaigns.campaign_key) as campaign_key,
        blocking.task_name as blocking_task_name,
        coalesce(blocking.owner_name, tasks.owner_name, {{ masked('logged.owner_name') }}, 'Unassigned') as owner_name,
        coalesce(blocking.due_at, tasks.due_at, business_days.closes_at) as due_at,
        logged.severity,
        {{ masked('logged.blocker_category') }} as log_category,
        raci_template.workflow_step as log_step,
        lower(concat_ws(' ', summed.reason, blocking.task_name, tasks.task_name, logged.blocker_category)) as words
    from summed
    left join tasks on summed.task_id = tasks.task_id
    left join logged on summed.task_id = logged.task_id
    left join log_campaigns on summed.task_id = log_campaigns.task_id
    left join business_days on logged.due_date = business_days.calendar_date
    left join raci_template
        on logged.workflow_step in (raci_template.workflow_step, lower(raci_template.step_name))
    left join tasks_matched on summed.task_id = tasks_matched.task_id
    left join tasks as blocking on summed.blocking_task_id = blocking.task_id
),

matched as (
    select
        described.blocker_id,
        blocker_categories.blocker_category,
        blocker_categories.workflow_step,
        blocker_categories.seq,
        coalesce(lower(blocker_categories.blocker_category) = described.log_category, false) as is_of_log
    from described
    inner join blocker_categories
        on {{ matches('described.words', 'blocker_categories.pattern', ref('blocker_categories')) }}
),

-- The team's own category first, then the order of the rules.
categorised as (
    select
        blocker_id,
        blocker_category,
        workflow_step
    from matched
    qualify row_number() over (
        partition by blocker_id order by case when is_of_log then 0 else 1 end, seq nulls last
    ) = 1
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
        -- A category of the team's own words stays as it is.
        coalesce(categorised.blocker_category, described.log_category, 'uncategorised') as blocker_category,
        coalesce(described.log_step, categorised.workflow_step) as workflow_step,
        described.severity,
        described.owner_name,
        described.due_at,
        described.is_open,
        described.owner_name <> 'Unassigned' and described.due_at is not null as is_owner_and_due_known,
        described.period_count,
        coalesce(blocker_sprints.sprint_count, 0) as sprint_count,
        coalesce(blocker_sprints.unresolved_sprint_count, 0) as unresolved_sprint_count,
        coalesce(blocker_sprints.is_unresolved_at_sprint_end, false) as is_unresolved_at_sprint_end,
        cast(described.open_us as double) / 3600000000 as open_hours,
        case
            when described.is_open is false and described.resolved_at >= described.opened_at
                then
                    ({{ epoch_us('described.resolved_at') }} - {{ epoch_us('described.opened_at') }})
                    / cast(3600000000 as double)
        end as resolution_hours,
        described.source_timezone,
        described.opened_at,
        case when described.is_open is false then described.resolved_at end as resolved_at
    from described
    left join blocker_sprints on described.blocker_id = blocker_sprints.blocker_id
    left join categorised on described.blocker_id = categorised.blocker_id
)

select * from final
