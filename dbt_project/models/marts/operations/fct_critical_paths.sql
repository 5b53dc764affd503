-- The chain that decided when a campaign could be launched: back from the launch, at each step to the
-- task that drove it, as far as the var critical_path_steps goes (S3-3).
{%- set depth = var('critical_path_steps') %}
with task_drivers as (
    select * from {{ ref('int_task_drivers') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

-- A campaign without a task of its launch ends with the last of its milestones.
targets as (
    select
        campaign_key,
        task_id,
        coalesce(evidence_event = 'first_live_evidence', false) as is_launch
    from {{ ref('int_milestones_defined') }}
    where task_id is not null
    qualify row_number() over (
        partition by campaign_key
        order by
            case when evidence_event = 'first_live_evidence' then 0 else 1 end asc,
            seq desc nulls last,
            task_id asc
    ) = 1
),

-- Each task has one driver, so the way back is a row: no engine needs to recurse.
walked as (
    select
        targets.campaign_key,
        targets.is_launch,
        {%- for step in range(1, depth + 1) %}
        driver_{{ step }}.driving_task_id as task_{{ step + 1 }},
        {%- endfor %}
        targets.task_id as task_1
    from targets
    left join task_drivers as driver_1 on targets.task_id = driver_1.task_id
    {%- for step in range(2, depth + 1) %}
    left join task_drivers as driver_{{ step }} on driver_{{ step - 1 }}.driving_task_id = driver_{{ step }}.task_id
    {%- endfor %}
),

step_numbers as (
    {%- for step in range(1, depth + 2) %}
    select cast({{ step }} as bigint) as step_no
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

steps as (
    select
        walked.campaign_key,
        walked.is_launch,
        step_numbers.step_no,
        case step_numbers.step_no
            {%- for step in range(1, depth + 2) %}
            when {{ step }} then walked.task_{{ step }}
            {%- endfor %}
        end as task_id
    from walked
    cross join step_numbers
),

-- A task that comes again closes a circle; one beyond the last step says that the path goes on.
numbered as (
    select
        *,
        row_number() over (partition by campaign_key, task_id order by step_no) as visit_no
    from steps
    where task_id is not null
),

judged as (
    select
        *,
        max(visit_no) over (partition by campaign_key) as visit_count,
        max(step_no) over (partition by campaign_key) as step_count
    from numbered
),

hours as (
    select
        judged.campaign_key,
        judged.is_launch,
        judged.step_no,
        judged.task_id,
        case
            when judged.visit_count > 1 then 'circle'
            when judged.step_count > {{ depth }} then 'cut'
            else 'whole'
        end as path_state,
        ours.driving_task_id,
        ours.predecessor_count,
        ours.unknown_predecessor_count,
        ours.is_done,
        ours.due_at,
        ours.started_at,
        ours.finished_at,
        ours.expected_at,
        drivers.finished_at as driver_finished_at,
        ({{ epoch_us('ours.due_at') }} - {{ epoch_us('ours.driver_expected_at') }}) / cast(3600000000 as double)
            as slack_hours,
        ({{ epoch_us('ours.driver_expected_at') }} - {{ epoch_us('ours.next_expected_at') }})
        / cast(3600000000 as double) as margin_hours,
        ({{ epoch_us('ours.started_at') }} - {{ epoch_us('drivers.finished_at') }}) / cast(3600000000 as double)
            as wait_hours,
        (
            {{ epoch_us('case when ours.is_done then ours.finished_at else ' ~ as_of_at() ~ ' end') }}
            - {{ epoch_us('case when ours.driving_task_id is null then coalesce(ours.started_at, ours.created_at)'
                          ' else drivers.finished_at end') }}
        ) / cast(3600000000 as double) as lead_hours,
        -- Whoever went on without the one that the tracker says to wait for.
        drivers.task_id is not null
        and coalesce(
            coalesce(ours.started_at, ours.finished_at)
            < case when drivers.is_done then drivers.finished_at else drivers.expected_at end,
            false
        ) as is_ahead_of_driver
    from judged
    inner join task_drivers as ours on judged.task_id = ours.task_id
    left join task_drivers as drivers on ours.driving_task_id = drivers.task_id
    where judged.visit_no = 1 and judged.step_no <= {{ depth }}
),

final as (
    select
        {{ surrogate_key(['hours.campaign_key', 'hours.task_id']) }} as critical_path_step_id,
        hours.campaign_key,
        hours.step_no,
        hours.is_launch as is_path_to_launch,
        hours.path_state,
        hours.task_id,
        tasks.tracker,
        {{ masked('tasks.task_name') }} as task_name,
        coalesce({{ masked('tasks.owner_name') }}, 'Unassigned') as owner_name,
        coalesce(tasks_matched.campaign_key <> hours.campaign_key, true) as is_of_other_campaign,
        hours.driving_task_id,
        hours.predecessor_count,
        hours.unknown_predecessor_count,
        hours.is_done,
        hours.is_ahead_of_driver,
        hours.slack_hours,
        hours.margin_hours,
        case when hours.wait_hours >= 0 then hours.wait_hours end as wait_hours,
        case when hours.lead_hours >= 0 then hours.lead_hours end as lead_hours,
        hours.due_at,
        hours.started_at,
        hours.finished_at,
        hours.expected_at
    from hours
    inner join tasks on hours.task_id = tasks.task_id
    left join tasks_matched on hours.task_id = tasks_matched.task_id
)

select * from final
