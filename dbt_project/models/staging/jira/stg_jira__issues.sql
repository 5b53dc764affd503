-- Every delivery is kept: a page holds only so many changes, and the earlier ones still happened.
with issues as (
    select * from {{ source('current_jira', 'issues') }}
),

final as (
    select
        trim(id) as issue_id,
        trim(key) as issue_key,
        {{ json_text('fields', '$.parent.id') }} as parent_issue_id,
        {{ clean_text(json_text('fields', '$.parent.fields.summary')) }} as parent_name,
        {{ clean_text(json_text('fields', '$.summary')) }} as issue_name,
        {{ clean_text(json_text('fields', '$.issuetype.name')) }} as issue_type,
        {{ clean_text(json_text('fields', '$.status.name')) }} as status_name,
        {{ clean_text(json_text('fields', '$.status.statusCategory.name')) }} as status_category,
        {{ clean_text(json_text('fields', '$.resolution.name')) }} as resolution_name,
        {{ json_text('fields', '$.project.key') }} as project_key,
        {{ clean_text(json_text('fields', '$.project.name')) }} as project_name,
        {{ clean_text(json_text('fields', '$.assignee.displayName')) }} as owner_name,
        {{ json_text('fields', '$.labels') }} as labels,
        {{ json_text('fields', '$.archiveddate') }} is not null
        or coalesce({{ parse_boolean(json_text('fields', '$.project.archived')) }}, false) as is_archived,
        {{ json_text('fields', '$.issuelinks') }} as issue_links,
        {{ json_text('fields', '$.' ~ var('jira_sprint_field')) }} as sprints,
        {{ json_text('changelog', '$.histories') }} as histories,
        _is_latest_delivery as is_latest_delivery,
        {{ parse_day(json_text('fields', '$.duedate')) }} as due_on,
        {{ utc_time(json_text('fields', '$.created')) }} as created_at,
        {{ utc_time(json_text('fields', '$.resolutiondate')) }} as resolved_at,
        {{ utc_time(json_text('fields', '$.updated')) }} as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from issues
)

select * from final
