-- What a tracker calls the status of a campaign's task is in status_definitions, or Jira's category
-- says it (S1-20). A task of no campaign moves no figure.
{{ config(meta={'dagster': {'ref': {'name': 'fct_blockers'}}}) }}
with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
    where tracker <> 'asana' and status_name is not null
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

final as (
    select distinct
        tasks.tracker,
        tasks.status_name
    from tasks
    inner join tasks_matched on tasks.task_id = tasks_matched.task_id
    where tasks.canonical_status is null
)

select * from final
