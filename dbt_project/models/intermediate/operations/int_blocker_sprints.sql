-- A blocker counts in every sprint in which it was open: of its task's boards, if they have sprints, else
-- of the company. Since when nobody knows, it is open now.
with periods as (
    select * from {{ ref('int_blockers_unioned') }}
),

sprints as (
    select
        *,
        is_over and sprint_no = max(case when is_over then sprint_no end) over (partition by sprint_calendar)
            as is_last_over
    from {{ ref('int_sprints_dated') }}
),

calendars as (
    select * from {{ ref('int_task_calendars') }}
),

timed as (
    select
        periods.blocker_id,
        coalesce(calendars.sprint_calendar, 'company') as sprint_calendar,
        coalesce(periods.opened_at, {{ as_of_at() }}) as opened_at,
        periods.resolved_at
    from periods
    left join calendars on periods.task_id = calendars.task_id
    -- Of what has ended, both moments must be known.
    where periods.is_open or (periods.opened_at is not null and periods.resolved_at is not null)
),

final as (
    select
        timed.blocker_id,
        sprints.sprint_calendar,
        sprints.sprint_no,
        sprints.is_over,
        sprints.is_last_over,
        sprints.is_over
        and max(case when coalesce(timed.resolved_at > sprints.ends_at, true) then 1 else 0 end) = 1 as is_open_at_end
    from timed
    inner join sprints
        on
            timed.sprint_calendar = sprints.sprint_calendar
            and timed.opened_at < sprints.ends_at
            and coalesce(timed.resolved_at > sprints.starts_at, true)
    group by
        timed.blocker_id,
        sprints.sprint_calendar,
        sprints.sprint_no,
        sprints.is_over,
        sprints.is_last_over
)

select * from final
