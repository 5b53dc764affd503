with tasks as (
    select * from {{ ref('stg_asana__tasks') }}
),

tasks_csv as (
    select * from {{ ref('stg_asana__tasks_csv') }}
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
),

default_region as (
    select * from {{ ref('calendar_regions') }}
    where is_default
),

inactive_owners as (
    select * from {{ ref('inactive_owners') }}
),

from_api as (
    select
        task_id,
        'asana_api' as source_stream,
        task_name,
        task_subtype,
        approval_status,
        is_completed,
        assignee_name,
        is_tagged_blocked,
        due_on,
        due_at,
        cast(null as date) as created_on,
        created_at,
        cast(null as date) as completed_on,
        completed_at,
        modified_at
    from tasks
),

-- The API knows times and approval states: the CSV row of the same task adds nothing to it.
from_csv as (
    select
        tasks_csv.task_id,
        'asana_csv' as source_stream,
        tasks_csv.task_name,
        cast(null as {{ dbt.type_string() }}) as task_subtype,
        cast(null as {{ dbt.type_string() }}) as approval_status,
        tasks_csv.completed_on is not null as is_completed,
        tasks_csv.assignee_name,
        tasks_csv.is_tagged_blocked,
        tasks_csv.due_on,
        cast(null as timestamp) as due_at,
        tasks_csv.created_on,
        cast(null as timestamp) as created_at,
        tasks_csv.completed_on,
        cast(null as timestamp) as completed_at,
        cast(null as timestamp) as modified_at
    from tasks_csv
    left join tasks
        on tasks_csv.task_id = tasks.task_id
    where tasks.task_id is null
),

unioned as (
    select * from from_api
    union all
    select * from from_csv
),

final as (
    select
        unioned.task_id,
        unioned.source_stream,
        unioned.task_name,
        lower(trim(unioned.task_name)) as task_name_key,
        unioned.task_subtype,
        unioned.approval_status,
        unioned.is_completed,
        unioned.is_tagged_blocked,
        case
            when inactive_owners.owner_name is null then nullif(trim(unioned.assignee_name), '')
        end as owner_name,
        unioned.due_at is null and unioned.due_on is not null as is_due_date_only,
        unioned.source_stream = 'asana_csv' as is_day_grain,
        -- A date without a time is the end of that local business day.
        coalesce(
            unioned.due_at,
            {{ end_of_business_day('unioned.due_on', 'due_days', 'default_region') }}
        ) as due_at,
        coalesce(
            unioned.created_at,
            {{ end_of_business_day('unioned.created_on', 'created_days', 'default_region') }}
        ) as created_at,
        coalesce(
            unioned.completed_at,
            {{ end_of_business_day('unioned.completed_on', 'completed_days', 'default_region') }}
        ) as completed_at,
        unioned.modified_at
    from unioned
    cross join default_region
    left join inactive_owners
        on lower(trim(unioned.assignee_name)) = inactive_owners.owner_name
    left join business_days as due_days
        on unioned.due_on = due_days.calendar_date and default_region.region = due_days.region
    left join business_days as created_days
        on
            unioned.created_on = created_days.calendar_date
            and default_region.region = created_days.region
    left join business_days as completed_days
        on
            unioned.completed_on = completed_days.calendar_date
            and default_region.region = completed_days.region
)

select * from final
