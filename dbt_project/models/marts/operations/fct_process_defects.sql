-- A category of blocker that stands at the same step in three sprints in a row (S1-23). A sprint in
-- which nobody worked at the step neither breaks such a row nor makes it longer; one without such a
-- blocker ends it, and only then can another begin.
with blockers as (
    select * from {{ ref('fct_blockers') }}
),

blocker_sprints as (
    select * from {{ ref('int_blocker_sprints') }}
    where is_over
),

sprints as (
    select * from {{ ref('int_sprints_dated') }}
    where is_over
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

blocker_categories as (
    select * from {{ ref('blocker_categories') }}
),

raci_template as (
    select * from {{ ref('raci_template') }}
),

thresholds as (
    select max(threshold_value) as sprint_count
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'process_defect_sprints'
),

calendars as (
    select * from {{ ref('int_task_calendars') }}
),

-- A task belongs to the step that the first pattern finds in its title; one without a step to none.
stepped as (
    select
        tasks.task_id,
        calendars.sprint_calendar,
        coalesce(blocker_categories.workflow_step, '') as workflow_step,
        tasks.created_at,
        case
            when tasks.is_completed then coalesce(tasks.completed_at, tasks.created_at)
            when tasks.canonical_status = 'cancelled' then coalesce(tasks.source_updated_at, tasks.created_at)
            else {{ as_of_at() }}
        end as ended_at
    from tasks
    inner join calendars on tasks.task_id = calendars.task_id
    left join blocker_categories
        on {{ matches('tasks.task_name_key', 'blocker_categories.pattern', ref('blocker_categories')) }}
    qualify row_number() over (
        partition by tasks.task_id, calendars.sprint_calendar order by blocker_categories.seq nulls last
    ) = 1
),

placed as (
    select
        blocker_sprints.*,
        blockers.blocker_category,
        coalesce(blockers.workflow_step, '') as workflow_step,
        blockers.campaign_key
    from blocker_sprints
    inner join blockers on blocker_sprints.blocker_id = blockers.blocker_id
),

steps as (
    select distinct
        sprint_calendar,
        workflow_step
    from stepped
),

-- Somebody worked at a step in a sprint if of the tasks made before its end the last to end did so at its
-- beginning or later: one pass in order of time instead of every task beside every sprint.
worked as (
    select
        sprint_calendar,
        workflow_step,
        created_at as seen_at,
        1 as seen_rank,
        ended_at,
        cast(null as bigint) as sprint_no,
        cast(null as timestamp) as starts_at
    from stepped
    union all
    select
        sprints.sprint_calendar,
        steps.workflow_step,
        sprints.ends_at as seen_at,
        0 as seen_rank,
        cast(null as timestamp) as ended_at,
        sprints.sprint_no,
        sprints.starts_at
    from sprints
    inner join steps on sprints.sprint_calendar = steps.sprint_calendar
),

followed_up as (
    select
        sprint_calendar,
        workflow_step,
        sprint_no,
        starts_at,
        max(ended_at) over (
            partition by sprint_calendar, workflow_step
            order by seen_at, seen_rank
            rows between unbounded preceding and current row
        ) as last_ended_at
    from worked
    where seen_at is not null
),

exposed as (
    select
        sprint_calendar,
        sprint_no,
        workflow_step
    from followed_up
    where sprint_no is not null and last_ended_at >= starts_at
    union
    select
        sprint_calendar,
        sprint_no,
        workflow_step
    from placed
),

counted as (
    select
        sprint_calendar,
        sprint_no,
        workflow_step,
        blocker_category,
        cast(count(distinct blocker_id) as bigint) as blocker_count
    from placed
    group by sprint_calendar, sprint_no, workflow_step, blocker_category
),

categories as (
    select distinct
        sprint_calendar,
        workflow_step,
        blocker_category
    from counted
),

followed as (
    select
        categories.sprint_calendar,
        categories.workflow_step,
        categories.blocker_category,
        exposed.sprint_no,
        counted.blocker_count,
        row_number() over (
            partition by categories.sprint_calendar, categories.workflow_step, categories.blocker_category
            order by exposed.sprint_no
        ) as exposed_no,
        count(counted.blocker_count) over (
            partition by categories.sprint_calendar, categories.workflow_step, categories.blocker_category
            order by exposed.sprint_no
            rows between unbounded preceding and current row
        ) as blocked_no
    from categories
    inner join exposed
        on
            categories.sprint_calendar = exposed.sprint_calendar
            and categories.workflow_step = exposed.workflow_step
    left join counted
        on
            categories.sprint_calendar = counted.sprint_calendar
            and categories.workflow_step = counted.workflow_step
            and categories.blocker_category = counted.blocker_category
            and exposed.sprint_no = counted.sprint_no
),

-- In a row as long as no sprint lies between that is without a blocker: the two counts keep apart alike.
numbered as (
    select
        followed.*,
        sprints.sprint_key,
        sprints.sprint_name,
        sprints.starts_at,
        sprints.ends_at,
        followed.exposed_no - followed.blocked_no as row_no,
        row_number() over (
            partition by
                followed.sprint_calendar,
                followed.workflow_step,
                followed.blocker_category,
                followed.exposed_no - followed.blocked_no
            order by followed.sprint_no
        ) as place
    from followed
    inner join sprints
        on followed.sprint_calendar = sprints.sprint_calendar and followed.sprint_no = sprints.sprint_no
    where followed.blocker_count is not null
),

last_exposed as (
    select
        sprint_calendar,
        workflow_step,
        max(sprint_no) as sprint_no
    from exposed
    group by sprint_calendar, workflow_step
),

stretches as (
    select
        numbered.sprint_calendar,
        numbered.workflow_step,
        numbered.blocker_category,
        min(numbered.sprint_no) as first_no,
        max(case when numbered.place = 1 then numbered.sprint_name end) as first_sprint_name,
        max(case when numbered.place = 1 then numbered.starts_at end) as first_sprint_starts_at,
        max(numbered.sprint_no) as last_no,
        {%- for column, told in [
            ('flagged_no', 'sprint_no'),
            ('flagged_sprint_key', 'sprint_key'),
            ('flagged_sprint_name', 'sprint_name'),
            ('flagged_at', 'ends_at')
        ] %}
        max(case when numbered.place = thresholds.sprint_count then numbered.{{ told }} end) as {{ column }},
        {%- endfor %}
        cast(count(*) as bigint) as sprint_count
    from numbered
    cross join thresholds
    group by
        numbered.sprint_calendar,
        numbered.workflow_step,
        numbered.blocker_category,
        numbered.row_no
),

affected as (
    select
        stretches.sprint_calendar,
        stretches.workflow_step,
        stretches.blocker_category,
        stretches.flagged_no,
        cast(count(distinct placed.blocker_id) as bigint) as blocker_count,
        cast(count(distinct placed.campaign_key) as bigint) as campaign_count
    from stretches
    inner join placed
        on
            stretches.sprint_calendar = placed.sprint_calendar
            and stretches.workflow_step = placed.workflow_step
            and stretches.blocker_category = placed.blocker_category
            and placed.sprint_no between stretches.first_no and stretches.last_no
    where stretches.flagged_no is not null
    group by
        stretches.sprint_calendar,
        stretches.workflow_step,
        stretches.blocker_category,
        stretches.flagged_no
),

final as (
    select
        {{ surrogate_key([
            'stretches.sprint_calendar', 'stretches.blocker_category', 'stretches.workflow_step',
            'stretches.flagged_sprint_key'
        ]) }} as process_defect_id,
        stretches.sprint_calendar,
        stretches.blocker_category,
        nullif(stretches.workflow_step, '') as workflow_step,
        raci_template.accountable as accountable_role,
        stretches.first_sprint_name,
        stretches.flagged_sprint_name,
        stretches.sprint_count,
        affected.blocker_count,
        affected.campaign_count,
        -- No sprint without such a blocker has come since.
        stretches.last_no = last_exposed.sprint_no as is_standing,
        concat(
            stretches.blocker_category, ' at ', coalesce(raci_template.step_name, 'no known step'), ' in ',
            cast(stretches.sprint_count as {{ dbt.type_string() }}), ' sprints in a row, from ',
            stretches.first_sprint_name
        ) as reason,
        stretches.first_sprint_starts_at,
        stretches.flagged_at
    from stretches
    inner join affected
        on
            stretches.sprint_calendar = affected.sprint_calendar
            and stretches.workflow_step = affected.workflow_step
            and stretches.blocker_category = affected.blocker_category
            and stretches.flagged_no = affected.flagged_no
    inner join last_exposed
        on
            stretches.sprint_calendar = last_exposed.sprint_calendar
            and stretches.workflow_step = last_exposed.workflow_step
    left join raci_template on stretches.workflow_step = raci_template.workflow_step
)

select * from final
