-- Two doors: the CSV prints times in the zone of who exports, Fivetran's table has them in UTC.
{%- set zone = "case when fivetran_synced is null then '" ~ var('source_time_zones').jira ~ "' else 'UTC' end" %}

with issues_csv as (
    select
        *,
        fivetran_synced is not null as is_from_connector
    from {{ source('current_jira', 'issues_csv') }}
),

timed as (
    select
        *,
        {{ zone }} as source_timezone,
        -- A date without a time: never shifted by a zone.
        coalesce({{ parse_day('due_date') }}, cast({{ jira_time('due_date', "'UTC'") }} as date)) as due_on
    from issues_csv
),

final as (
    select
        trim(issue_id) as issue_id,
        trim(issue_key) as issue_key,
        coalesce({{ clean_text('parent_id') }}, {{ clean_text('parent') }}) as parent_issue_id,
        {{ clean_text('parent_key') }} as parent_issue_key,
        {{ clean_text('parent_summary') }} as parent_name,
        {{ clean_text('summary') }} as issue_name,
        {{ clean_text('issue_type') }} as issue_type,
        {{ clean_text('status') }} as status_name,
        {{ clean_text('status_category') }} as status_category,
        {{ clean_text('resolution') }} as resolution_name,
        coalesce({{ clean_text('project_key') }}, {{ clean_text('project_id') }}) as project_key,
        {{ clean_text('project_name') }} as project_name,
        {{ clean_text('assignee') }} as owner_name,
        {{ clean_text(json_text('approver', '$[0]')) }} as approver_name,
        {{ clean_text(json_text('approvals', '$[0]')) }} as approval_label,
        {{ clean_text(json_text('flagged', '$[0]')) }} as flag_name,
        {{ clean_text(json_text('is_blocked', '$[0]')) }} as blocked_label,
        {{ clean_text(json_text('blocked_reason', '$[0]')) }} as blocked_reason,
        blocked_by as blocked_by_keys,
        blocks as blocks_keys,
        labels,
        sprints as sprint_names,
        {{ parse_integer('original_estimate') }} as original_estimate_seconds,
        {{ parse_integer('time_spent') }} as time_spent_seconds,
        is_from_connector,
        source_timezone,
        due_on,
        {{ jira_time('created', zone) }} as created_at,
        {{ jira_time('resolved', zone) }} as resolved_at,
        {{ jira_time('updated', zone) }} as source_updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from timed
    where {{ parse_boolean('fivetran_deleted') }} is not true
)

select * from final
