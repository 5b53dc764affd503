{{ config(materialized='view') }}
-- Work of trackers that have no contract. What was finished before it was begun is set aside
-- (int_records_set_aside), never turned round; the duration that the tracker states decides nothing.
with work_items as (
    select * from {{ ref('stg_templates__work_items') }}
),

final as (
    select
        concat('work_items:', item_id) as task_id,
        item_name as task_name,
        case when item_type in ('milestone', 'approval') then item_type else 'default_task' end as task_subtype,
        project_name,
        status_name,
        owner_name,
        coalesce(is_blocked, false) as is_tagged_blocked,
        due_date as due_on,
        created_date as created_on,
        finished_date as completed_on,
        -- A status says it better: called off is over, too, and not done.
        case when status_name is null then finished_date is not null end as is_completed,
        file_id,
        row_number
    from work_items
    where
        item_id is not null
        and coalesce(finished_date >= created_date, true)
        and coalesce(created_date >= {{ facts_since() }}, true)
        and coalesce(finished_date <= {{ reporting_day(as_of_at()) }}, true)
)

select * from final
