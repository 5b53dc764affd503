{{ config(materialized='view') }}
-- What the activity log tells, and where it tells nothing of a column, the time at which its value
-- was set.
with activity_logs as (
    select * from {{ ref('stg_monday__activity_logs') }}
),

column_values as (
    select * from {{ ref('int_monday_column_values_named') }}
    where field in ('status', 'approval') and changed_at is not null and value_text is not null
),

tracker_fields as (
    select * from {{ ref('tracker_fields') }}
    where source_system = 'monday'
),

moved as (
    select
        event_id as change_id,
        item_id,
        'section' as field,
        old_group as old_value,
        new_group as new_value,
        changed_at
    from activity_logs
    where new_group is not null
),

logged as (
    select
        activity_logs.event_id as change_id,
        activity_logs.item_id,
        coalesce(by_title.task_field, by_id.task_field) as field,
        activity_logs.column_id,
        coalesce(
            activity_logs.old_label,
            cast(activity_logs.old_due_on as {{ dbt.type_string() }}),
            activity_logs.old_people
        ) as old_value,
        coalesce(
            activity_logs.new_label,
            cast(activity_logs.new_due_on as {{ dbt.type_string() }}),
            activity_logs.new_people
        ) as new_value,
        activity_logs.old_due_on,
        activity_logs.new_due_on,
        activity_logs.changed_at
    from activity_logs
    left join tracker_fields as by_title on lower(activity_logs.column_title) = by_title.source_field
    left join tracker_fields as by_id on lower(activity_logs.column_id) = by_id.source_field
    where
        activity_logs.event_type = 'update_column_value'
        and coalesce(by_title.task_field, by_id.task_field) is not null
),

told_columns as (
    select distinct
        item_id,
        column_id
    from logged
),

untold as (
    select column_values.*
    from column_values
    left join told_columns
        on column_values.item_id = told_columns.item_id and column_values.column_id = told_columns.column_id
    where told_columns.item_id is null
),

final as (
    {{ unioned(
        [
            {
                'from': 'moved',
                'as': {'task_id': "concat('monday:', item_id)"},
                'lacks': ['old_due_on', 'new_due_on'],
            },
            {
                'from': 'logged',
                'as': {'task_id': "concat('monday:', item_id)"},
            },
            {
                'from': 'untold',
                'as': {
                    'change_id': 'column_value_id',
                    'task_id': "concat('monday:', item_id)",
                    'new_value': 'value_text',
                },
                'lacks': ['old_value', 'old_due_on', 'new_due_on'],
            },
        ],
        columns={
            'change_id': dbt.type_string(),
            'task_id': dbt.type_string(),
            'field': dbt.type_string(),
            'old_value': dbt.type_string(),
            'new_value': dbt.type_string(),
            'old_due_on': 'date',
            'new_due_on': 'date',
            'changed_at': 'timestamp',
        },
    ) }}
)

select * from final
