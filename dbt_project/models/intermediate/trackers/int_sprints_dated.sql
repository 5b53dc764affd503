-- The company's sprints: those of the seed, else weeks from Monday to Sunday; and those of a tracker
-- that has its own, by the tracker's name.
with sprint_calendar as (
    select * from {{ ref('sprint_calendar') }}
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

tracker_sprints as (
    select * from {{ ref('stg_jira__sprints') }}
    where started_at is not null and coalesce(closed_at, planned_end_at) > started_at
    qualify row_number() over (partition by sprint_id order by file_id desc, row_number desc) = 1
),

weeks as (
    select
        cast(date_trunc('week', business_days.calendar_date) as date) as starts_on,
        max(business_days.calendar_date) as ends_on
    from business_days
    left join sprint_calendar on true
    where sprint_calendar.starts_on is null
    group by cast(date_trunc('week', business_days.calendar_date) as date)
),

dated as (
    select
        sprint_name,
        starts_on,
        ends_on
    from sprint_calendar
    union all
    select
        concat('Week of ', cast(starts_on as {{ dbt.type_string() }})) as sprint_name,
        starts_on,
        ends_on
    from weeks
),

unioned as (
    select
        'company' as sprint_calendar,
        cast(starts_on as {{ dbt.type_string() }}) as sprint_id,
        sprint_name,
        {{ local_day_start('starts_on', var('reporting_time_zone')) }} as starts_at,
        {{ local_day_start(add_days('ends_on', 1), var('reporting_time_zone')) }} as ends_at
    from dated
    union all
    select
        'jira' as sprint_calendar,
        sprint_id,
        coalesce(sprint_name, sprint_id) as sprint_name,
        started_at as starts_at,
        coalesce(closed_at, planned_end_at) as ends_at
    from tracker_sprints
),

final as (
    select
        {{ surrogate_key(['sprint_calendar', 'sprint_id']) }} as sprint_key,
        sprint_calendar,
        sprint_name,
        row_number() over (partition by sprint_calendar order by starts_at, sprint_id) as sprint_no,
        ends_at <= {{ as_of_at() }} as is_over,
        starts_at,
        ends_at
    from unioned
    -- What has not begun has nothing to tell.
    where starts_at <= {{ as_of_at() }}
)

select * from final
