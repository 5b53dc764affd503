{{ config(materialized='view') }}
-- The same columns from every tracker. A further one is a further branch.
{%- set text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with asana as (
    select * from {{ ref('int_asana_tasks_shaped') }}
),

jira as (
    select * from {{ ref('int_jira_issues_shaped') }}
),

monday as (
    select * from {{ ref('int_monday_items_shaped') }}
),

trello as (
    select * from {{ ref('int_trello_cards_shaped') }}
),

final as (
    select
        'asana' as tracker,
        task_id,
        {{ text }} as task_key,
        parent_task_id,
        parent_task_name,
        task_name,
        task_subtype,
        {{ text }} as project_key,
        {{ text }} as project_name,
        section_name,
        {{ text }} as status_name,
        {{ text }} as status_category,
        {{ text }} as resolution_name,
        approval_status,
        owner_name,
        is_completed as is_done,
        is_tagged_blocked,
        {{ text }} as blocked_reason,
        time_grain,
        'UTC' as source_timezone,
        due_on,
        created_on,
        completed_on,
        due_at,
        created_at,
        completed_at,
        source_updated_at
    from asana
    union all
    select
        'jira' as tracker,
        task_id,
        task_key,
        parent_task_id,
        parent_task_name,
        task_name,
        task_subtype,
        project_key,
        project_name,
        {{ text }} as section_name,
        status_name,
        status_category,
        resolution_name,
        approval_label as approval_status,
        owner_name,
        cast(null as boolean) as is_done,
        is_tagged_blocked,
        blocked_reason,
        'time' as time_grain,
        source_timezone,
        due_on,
        cast(null as date) as created_on,
        cast(null as date) as completed_on,
        cast(null as timestamp) as due_at,
        created_at,
        completed_at,
        source_updated_at
    from jira
    union all
    select
        'monday' as tracker,
        task_id,
        {{ text }} as task_key,
        parent_task_id,
        parent_task_name,
        task_name,
        'default_task' as task_subtype,
        {{ text }} as project_key,
        project_name,
        section_name,
        status_name,
        {{ text }} as status_category,
        {{ text }} as resolution_name,
        approval_label as approval_status,
        owner_name,
        cast(null as boolean) as is_done,
        is_tagged_blocked,
        {{ text }} as blocked_reason,
        'time' as time_grain,
        source_timezone,
        due_on,
        cast(null as date) as created_on,
        cast(null as date) as completed_on,
        cast(null as timestamp) as due_at,
        created_at,
        cast(null as timestamp) as completed_at,
        source_updated_at
    from monday
    union all
    select
        'trello' as tracker,
        task_id,
        {{ text }} as task_key,
        {{ text }} as parent_task_id,
        {{ text }} as parent_task_name,
        task_name,
        task_subtype,
        {{ text }} as project_key,
        project_name,
        section_name,
        {{ text }} as status_name,
        {{ text }} as status_category,
        {{ text }} as resolution_name,
        {{ text }} as approval_status,
        owner_name,
        is_completed as is_done,
        is_tagged_blocked,
        {{ text }} as blocked_reason,
        'time' as time_grain,
        'UTC' as source_timezone,
        cast(null as date) as due_on,
        cast(null as date) as created_on,
        cast(null as date) as completed_on,
        due_at,
        created_at,
        cast(null as timestamp) as completed_at,
        source_updated_at
    from trello
)

select * from final
