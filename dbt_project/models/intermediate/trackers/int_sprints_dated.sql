-- The company's sprints: those of the seed, else weeks from Monday to Sunday; and those of a tracker
-- that has its own, board by board: those of two boards run side by side, and none follows the other.
with sprint_calendar as (
    select * from {{ ref('sprint_calendar') }}
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

-- A connector has a table of sprints; the API tells of a sprint with each issue in it.
issue_sprints as (
    select
        file_id,
        row_number,
        {{ json_objects('sprints') }} as sprint
    from {{ ref('stg_jira__issues') }}
    where sprints is not null
),

told_sprints as (
    select
        sprint_id,
        sprint_name,
        board_id,
        started_at,
        planned_end_at,
        closed_at,
        file_id,
        row_number
    from {{ ref('stg_jira__sprints') }}
    union all
    select
        {{ json_text('sprint', '$.id') }} as sprint_id,
        {{ clean_text(json_text('sprint', '$.name')) }} as sprint_name,
        {{ json_text('sprint', '$.boardId') }} as board_id,
        {{ utc_time(json_text('sprint', '$.startDate')) }} as started_at,
        {{ utc_time(json_text('sprint', '$.endDate')) }} as planned_end_at,
        {{ utc_time(json_text('sprint', '$.completeDate')) }} as closed_at,
        file_id,
        row_number
    from issue_sprints
    -- One that is planned may have dates, and has not begun.
    where coalesce(lower({{ json_text('sprint', '$.state') }}) <> 'future', true)
),

newest_sprints as (
    select * from told_sprints
    where sprint_id is not null
    qualify row_number() over (partition by sprint_id order by file_id desc, row_number desc) = 1
),

tracker_sprints as (
    select
        sprint_id,
        coalesce(sprint_name, sprint_id) as sprint_name,
        case when board_id is null then 'jira' else concat('jira board ', board_id) end as sprint_calendar,
        started_at,
        case when closed_at <= {{ as_of_at() }} then closed_at else coalesce(planned_end_at, closed_at) end as ended_at
    from newest_sprints
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
        cast(null as {{ dbt.type_string() }}) as tracker,
        cast(starts_on as {{ dbt.type_string() }}) as sprint_id,
        sprint_name,
        {{ local_day_start('starts_on', var('reporting_time_zone')) }} as starts_at,
        {{ local_day_start(add_days('ends_on', 1), var('reporting_time_zone')) }} as ends_at
    from dated
    union all
    select
        sprint_calendar,
        'jira' as tracker,
        sprint_id,
        sprint_name,
        started_at as starts_at,
        ended_at as ends_at
    from tracker_sprints
    where ended_at > started_at
),

final as (
    select
        {{ surrogate_key(['sprint_calendar', 'sprint_id']) }} as sprint_key,
        sprint_calendar,
        tracker,
        sprint_id,
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
