{{ config(materialized='view') }}
-- A story carries its change in fields; one of a connector's table only in its text.
{%- set due = ['old_due_on', 'new_due_on', 'old_due_at', 'new_due_at'] %}

with stories as (
    select * from {{ ref('stg_asana__stories') }}
),

stories_csv as (
    select * from {{ ref('stg_asana__stories_csv') }}
),

told as (
    select
        stories_csv.story_id,
        stories_csv.task_id,
        case
            when
                lower(stories_csv.story_text) like '%marked this task complete%'
                or lower(stories_csv.story_text) like '%completed this task%'
                then 'complete'
            when lower(stories_csv.story_text) like '%marked this task incomplete%' then 'incomplete'
        end as new_status,
        stories_csv.changed_at
    from stories_csv
    left join stories on stories_csv.story_id = stories.story_id
    where stories.story_id is null
),

approvals as (
    select
        story_id as change_id,
        task_id,
        'approval' as field,
        old_approval_status as old_value,
        new_approval_status as new_value,
        changed_by,
        changed_at
    from stories
    where new_approval_status is not null
),

due_dates as (
    select
        story_id as change_id,
        task_id,
        'due_date' as field,
        coalesce(
            cast(old_due_at as {{ dbt.type_string() }}), cast(old_due_on as {{ dbt.type_string() }})
        ) as old_value,
        coalesce(
            cast(new_due_at as {{ dbt.type_string() }}), cast(new_due_on as {{ dbt.type_string() }})
        ) as new_value,
        old_due_on,
        new_due_on,
        old_due_at,
        new_due_at,
        changed_by,
        changed_at
    from stories
    where is_due_date_change
),

moves as (
    select
        story_id as change_id,
        task_id,
        case
            when story_subtype in ('marked_complete', 'marked_incomplete') then 'status'
            when story_subtype in ('assigned', 'unassigned') then 'assignee'
            when story_subtype in ('added_to_tag', 'removed_from_tag') then 'blocked'
            when dependency_task_id is not null then 'dependency'
            else 'section'
        end as field,
        case
            when story_subtype = 'removed_from_tag' then 'true'
            when story_subtype = 'dependency_removed' then dependency_task_id
            when story_subtype = 'section_changed' then old_section
        end as old_value,
        case
            when story_subtype = 'marked_complete' then 'complete'
            when story_subtype = 'marked_incomplete' then 'incomplete'
            when story_subtype = 'assigned' then assignee_name
            when story_subtype = 'added_to_tag' then 'true'
            when story_subtype = 'removed_from_tag' then 'false'
            when story_subtype = 'dependency_added' then dependency_task_id
            when story_subtype = 'section_changed' then new_section
        end as new_value,
        changed_by,
        changed_at
    from stories
    where
        story_subtype in ('marked_complete', 'marked_incomplete', 'assigned', 'unassigned', 'section_changed')
        or dependency_task_id is not null
        or (story_subtype in ('added_to_tag', 'removed_from_tag') and lower(tag_name) = 'blocked')
),

told_changes as (
    select
        story_id as change_id,
        task_id,
        'status' as field,
        new_status as new_value,
        changed_at
    from told
    where new_status is not null
),

final as (
    {{ unioned(
        [
            {'from': 'due_dates'},
            {'from': 'approvals', 'lacks': due},
            {'from': 'moves', 'lacks': due},
            {'from': 'told_changes', 'lacks': ['old_value', 'changed_by'] + due},
        ],
        columns={
            'change_id': dbt.type_string(),
            'task_id': dbt.type_string(),
            'field': dbt.type_string(),
            'old_value': dbt.type_string(),
            'new_value': dbt.type_string(),
            'old_due_on': 'date',
            'new_due_on': 'date',
            'old_due_at': 'timestamp',
            'new_due_at': 'timestamp',
            'changed_by': dbt.type_string(),
            'changed_at': 'timestamp',
        },
    ) }}
)

select * from final
