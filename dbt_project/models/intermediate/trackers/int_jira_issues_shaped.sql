{{ config(materialized='view') }}
-- Issues of the API, and those that only a CSV or a connector's table has; there a status, a project
-- and an assignee are numbers with tables of names.
with issues as (
    select * from {{ ref('stg_jira__issues') }}
    where is_latest_delivery
),

issues_csv as (
    select * from {{ ref('stg_jira__issues_csv') }}
),

statuses as (
    select * from {{ ref('stg_jira__statuses') }}
),

projects as (
    select * from {{ ref('stg_jira__projects') }}
),

users as (
    select * from {{ ref('stg_jira__users') }}
),

unioned as (
    select
        issue_id,
        issue_key,
        parent_issue_id,
        parent_name,
        issue_name,
        issue_type,
        status_name,
        status_category,
        resolution_name,
        cast(null as {{ dbt.type_string() }}) as approval_label,
        project_key,
        project_name,
        owner_name,
        -- A raised flag is in the changes.
        case when lower(labels) like '%"blocked"%' then true end as is_tagged_blocked,
        is_archived as is_put_away,
        cast(null as {{ dbt.type_string() }}) as blocked_reason,
        'UTC' as source_timezone,
        due_on,
        created_at,
        resolved_at,
        source_updated_at,
        file_id,
        row_number
    from issues
    union all
    select
        issues_csv.issue_id,
        issues_csv.issue_key,
        issues_csv.parent_issue_id,
        issues_csv.parent_name,
        issues_csv.issue_name,
        issues_csv.issue_type,
        coalesce(statuses.status_name, issues_csv.status_name) as status_name,
        coalesce(statuses.status_category, issues_csv.status_category) as status_category,
        issues_csv.resolution_name,
        issues_csv.approval_label,
        coalesce(projects.project_key, issues_csv.project_key) as project_key,
        coalesce(projects.project_name, issues_csv.project_name) as project_name,
        -- Of an approval the approver is accountable.
        coalesce(issues_csv.approver_name, users.user_name, issues_csv.owner_name) as owner_name,
        case
            when issues_csv.flag_name is not null or lower(issues_csv.labels) like '%"blocked"%' then true
            when lower(issues_csv.blocked_label) in ('yes', 'true', 'blocked') then true
        end as is_tagged_blocked,
        -- Neither door tells of issues that were put away.
        false as is_put_away,
        issues_csv.blocked_reason,
        issues_csv.source_timezone,
        issues_csv.due_on,
        issues_csv.created_at,
        issues_csv.resolved_at,
        issues_csv.source_updated_at,
        issues_csv.file_id,
        issues_csv.row_number
    from issues_csv
    left join issues on issues_csv.issue_id = issues.issue_id
    left join statuses on issues_csv.is_from_connector and issues_csv.status_name = statuses.status_id
    left join projects on issues_csv.is_from_connector and issues_csv.project_key = projects.project_id
    left join users on issues_csv.is_from_connector and issues_csv.owner_name = users.user_id
    -- The API knows the history: the CSV line of the same issue adds nothing to it.
    where issues.issue_id is null
),

final as (
    select
        concat('jira:', issue_id) as task_id,
        issue_key as task_key,
        case when parent_issue_id is not null then concat('jira:', parent_issue_id) end as parent_task_id,
        parent_name as parent_task_name,
        issue_name as task_name,
        case lower(issue_type) when 'milestone' then 'milestone' when 'approval' then 'approval' else 'default_task' end
            as task_subtype,
        status_name,
        status_category,
        resolution_name,
        approval_label,
        project_key,
        project_name,
        owner_name,
        is_tagged_blocked,
        is_put_away,
        blocked_reason,
        source_timezone,
        due_on,
        created_at,
        resolved_at as completed_at,
        source_updated_at,
        file_id,
        row_number
    from unioned
    where issue_id is not null
)

select * from final
