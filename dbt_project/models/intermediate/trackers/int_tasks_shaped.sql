{{ config(materialized='view') }}
-- The same columns from every tracker. A further one is a further branch.
{%- set string = dbt.type_string() %}

with unioned as (
    {{ unioned(
        [
            {
                'from': ref('int_asana_tasks_shaped'),
                'as': {'tracker': "'asana'", 'is_done': 'is_completed', 'source_timezone': "'UTC'"},
                'lacks': [
                    'task_key', 'project_key', 'project_name', 'status_name', 'status_category', 'resolution_name',
                    'blocked_reason',
                ],
            },
            {
                'from': ref('int_jira_issues_shaped'),
                'as': {'tracker': "'jira'", 'approval_status': 'approval_label', 'time_grain': "'time'"},
                'lacks': ['section_name', 'is_done', 'created_on', 'completed_on', 'due_at'],
            },
            {
                'from': ref('int_monday_items_shaped'),
                'as': {
                    'tracker': "'monday'",
                    'task_subtype': "'default_task'",
                    'approval_status': 'approval_label',
                    'time_grain': "'time'",
                },
                'lacks': [
                    'task_key', 'project_key', 'status_category', 'resolution_name', 'is_done', 'blocked_reason',
                    'created_on', 'completed_on', 'due_at', 'completed_at',
                ],
            },
            {
                'from': ref('int_trello_cards_shaped'),
                'as': {
                    'tracker': "'trello'",
                    'is_done': 'is_completed',
                    'time_grain': "'time'",
                    'source_timezone': "'UTC'",
                },
                'lacks': [
                    'task_key', 'parent_task_id', 'parent_task_name', 'project_key', 'status_name', 'status_category',
                    'resolution_name', 'approval_status', 'blocked_reason', 'due_on', 'created_on', 'completed_on',
                    'completed_at',
                ],
            },
            {
                'from': ref('int_work_items_shaped'),
                'as': {
                    'tracker': "'work_items'",
                    'is_done': 'is_completed',
                    'is_put_away': 'false',
                    'time_grain': "'day'",
                },
                'lacks': [
                    'task_key', 'parent_task_id', 'parent_task_name', 'project_key', 'section_name', 'status_category',
                    'resolution_name', 'approval_status', 'blocked_reason', 'source_timezone', 'due_at', 'created_at',
                    'completed_at', 'source_updated_at',
                ],
            },
        ],
        columns={
            'tracker': string,
            'task_id': string,
            'task_key': string,
            'parent_task_id': string,
            'parent_task_name': string,
            'task_name': string,
            'task_subtype': string,
            'project_key': string,
            'project_name': string,
            'section_name': string,
            'status_name': string,
            'status_category': string,
            'resolution_name': string,
            'approval_status': string,
            'owner_name': string,
            'is_done': 'boolean',
            'is_tagged_blocked': 'boolean',
            'is_put_away': 'boolean',
            'blocked_reason': string,
            'time_grain': string,
            'source_timezone': string,
            'due_on': 'date',
            'created_on': 'date',
            'completed_on': 'date',
            'due_at': 'timestamp',
            'created_at': 'timestamp',
            'completed_at': 'timestamp',
            'source_updated_at': 'timestamp',
            'file_id': 'bigint',
            'row_number': 'bigint',
        },
    ) }}
),

final as (
    select * from unioned
    where task_id is not null
    -- A card that was moved stands in the exports of two boards: the newer line counts.
    qualify row_number() over (
        partition by task_id
        order by
            source_updated_at desc nulls last,
            created_at asc nulls last,
            project_name asc nulls last,
            section_name asc nulls last,
            status_name asc nulls last,
            task_name asc nulls last
    ) = 1
)

select * from final
