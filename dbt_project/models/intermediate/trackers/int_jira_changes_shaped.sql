{{ config(materialized='view') }}
-- The changelog of every delivery, each change once; and the values that a connector's history has,
-- each against the one before it. A sprint goes by its number: it may be renamed, and two boards have
-- one of the same name.
with issues as (
    select * from {{ ref('stg_jira__issues') }}
),

issue_field_history as (
    select * from {{ ref('stg_jira__issue_field_history') }}
),

fields as (
    select * from {{ ref('stg_jira__fields') }}
),

statuses as (
    select * from {{ ref('stg_jira__statuses') }}
),

users as (
    select * from {{ ref('stg_jira__users') }}
),

tracker_fields as (
    select * from {{ ref('tracker_fields') }}
    where source_system = 'jira'
),

-- Made in a sprint and never moved, an issue has no change that says so.
planned_sprints as (
    select
        issue_id,
        created_at,
        {{ json_objects('sprints') }} as sprint
    from issues
    where is_latest_delivery and sprints is not null
),

told as (
    select
        issue_id,
        file_id,
        {{ json_objects('histories') }} as history
    from issues
),

histories as (
    select
        issue_id,
        {{ json_text('history', '$.id') }} as history_id,
        {{ utc_time(json_text('history', '$.created')) }} as changed_at,
        {{ clean_text(json_text('history', '$.author.displayName')) }} as changed_by,
        {{ json_text('history', '$.items') }} as history_items
    from told
    qualify row_number() over (partition by {{ json_text('history', '$.id') }} order by file_id desc) = 1
),

items as (
    select
        issue_id,
        history_id,
        changed_by,
        changed_at,
        {{ json_objects('history_items') }} as item
    from histories
),

logged as (
    select
        items.issue_id,
        items.history_id,
        items.changed_by,
        items.changed_at,
        tracker_fields.task_field,
        {{ json_text('items.item', '$.from') }} as old_raw,
        {{ json_text('items.item', '$.to') }} as new_raw,
        {{ clean_text(json_text('items.item', '$.fromString')) }} as old_value,
        {{ clean_text(json_text('items.item', '$.toString')) }} as new_value,
        row_number() over (partition by items.history_id order by items.item) as item_no
    from items
    inner join tracker_fields on lower({{ json_text('items.item', '$.field') }}) = tracker_fields.source_field
),

valued as (
    select
        issue_field_history.issue_id,
        issue_field_history.field_value_id,
        authors.user_name as changed_by,
        issue_field_history.changed_at,
        tracker_fields.task_field,
        issue_field_history.field_value as new_raw,
        coalesce(statuses.status_name, users.user_name, issue_field_history.field_value) as new_value
    from issue_field_history
    left join fields on issue_field_history.field_id = fields.field_id
    inner join tracker_fields
        on lower(coalesce(fields.field_name, issue_field_history.field_id)) = tracker_fields.source_field
    left join statuses on tracker_fields.task_field = 'status' and issue_field_history.field_value = statuses.status_id
    left join users on tracker_fields.task_field = 'assignee' and issue_field_history.field_value = users.user_id
    left join users as authors on issue_field_history.author_id = authors.user_id
),

-- Of a field of several values each time has a row for each.
sprint_sets as (
    select
        issue_id,
        min(field_value_id) as field_value_id,
        max(changed_by) as changed_by,
        changed_at,
        {{ joined_values('new_raw') }} as sprint_ids
    from valued
    where task_field = 'sprint'
    group by issue_id, changed_at
),

ever_moved as (
    select issue_id from logged
    where task_field = 'sprint'
    union
    select issue_id from sprint_sets
),

made_in as (
    select
        planned_sprints.issue_id,
        max(planned_sprints.created_at) as created_at,
        {{ joined_values(json_text('planned_sprints.sprint', '$.id')) }} as sprint_ids
    from planned_sprints
    left join ever_moved on planned_sprints.issue_id = ever_moved.issue_id
    where ever_moved.issue_id is null
    group by planned_sprints.issue_id
),

unioned as (
    select
        issue_id,
        concat(history_id, '.', cast(item_no as {{ dbt.type_string() }})) as change_id,
        task_field as field,
        old_raw,
        new_raw,
        old_value,
        new_value,
        changed_by,
        changed_at
    from logged
    -- Other links than those that block say nothing here.
    where task_field <> 'dependency' or coalesce(new_value, old_value) like 'This issue is blocked by %'
    union all
    select
        issue_id,
        field_value_id as change_id,
        task_field as field,
        lag(new_raw) over (partition by issue_id, task_field order by changed_at, field_value_id) as old_raw,
        new_raw,
        lag(new_value) over (partition by issue_id, task_field order by changed_at, field_value_id) as old_value,
        new_value,
        changed_by,
        changed_at
    from valued
    where task_field <> 'sprint'
    union all
    select
        issue_id,
        field_value_id as change_id,
        'sprint' as field,
        lag(sprint_ids) over (partition by issue_id order by changed_at, field_value_id) as old_raw,
        sprint_ids as new_raw,
        cast(null as {{ dbt.type_string() }}) as old_value,
        cast(null as {{ dbt.type_string() }}) as new_value,
        changed_by,
        changed_at
    from sprint_sets
    union all
    select
        issue_id,
        concat(issue_id, '.sprint') as change_id,
        'sprint' as field,
        cast(null as {{ dbt.type_string() }}) as old_raw,
        sprint_ids as new_raw,
        cast(null as {{ dbt.type_string() }}) as old_value,
        cast(null as {{ dbt.type_string() }}) as new_value,
        cast(null as {{ dbt.type_string() }}) as changed_by,
        created_at as changed_at
    from made_in
),

final as (
    select
        change_id,
        concat('jira:', issue_id) as task_id,
        field,
        case
            when field = 'blocked' then case when old_value is null then 'false' else 'true' end
            when field = 'dependency' then replace(old_value, 'This issue is blocked by ', '')
            when field = 'due_date' then left(old_raw, 10)
            when field = 'sprint' then nullif(replace(old_raw, ' ', ''), '')
            else old_value
        end as old_value,
        case
            when field = 'blocked' then case when new_value is null then 'false' else 'true' end
            when field = 'dependency' then replace(new_value, 'This issue is blocked by ', '')
            when field = 'due_date' then left(new_raw, 10)
            when field = 'sprint' then nullif(replace(new_raw, ' ', ''), '')
            else new_value
        end as new_value,
        case when field = 'due_date' then try_cast(left(old_raw, 10) as date) end as old_due_on,
        case when field = 'due_date' then try_cast(left(new_raw, 10) as date) end as new_due_on,
        changed_by,
        changed_at
    from unioned
)

select * from final
